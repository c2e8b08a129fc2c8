// The pool under load of every kind: each call ends once, as it must, and the books agree.
import test from 'ava';
import { startEngine } from '../support/engine.js';
import { EVERYTHING, Fleet, runLoad } from '../support/load.js';
import { scaled } from '../support/sandbox.js';

const CALLERS = 64;
const FUNCTIONS = 20;

test.serial('every call of a mixed load ends once, with its own answer or its own error', async (t) => {
  t.timeout(900_000);
  const unhandled: unknown[] = [];
  const keep = (reason: unknown): void => void unhandled.push(reason);
  process.on('unhandledRejection', keep);
  t.teardown(() => process.off('unhandledRejection', keep));
  const fleet = new Fleet();
  const engine = await startEngine(t, { workers: 2, ...fleet.options });
  await fleet.define(engine, FUNCTIONS);
  const calls = scaled(50_000);
  const since = performance.now();
  const report = await runLoad(fleet, { callers: CALLERS, calls, mix: EVERYTHING, seed: 1 });
  t.log(`${Math.round(report.calls / (performance.now() - since))} calls a millisecond`);
  t.log(JSON.stringify(report.outcomes));
  t.deepEqual(report.wrong.slice(0, 10), []);

  const stats = engine.stats();
  // An input that is too large is refused before there is a call.
  const { SNAPVM_CALL_INPUT_TOO_LARGE: refused = 0, ...errors } = report.codes;
  t.is(stats.calls, report.calls - refused);
  t.deepEqual(stats.errors, errors);
  t.like(stats, { pending: 0, waiting: 0, workers: 2, workersReplaced: 0 });
  t.is(fleet.lines, report.outcomes.log?.['ok'] ?? 0);
  t.true(stats.hostCalls >= fleet.asked.size);
  t.is(
    fleet.handles.reduce((sum, handle) => sum + handle.stats().calls, 0),
    stats.calls,
  );
  await new Promise(setImmediate);
  t.deepEqual(unhandled, []);
});
