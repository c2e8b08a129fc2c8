// Workers that die under load: what ran there fails and nothing else does, and the engine goes on.
import test from 'ava';
import { eventually, sleep, startEngine, terminateThread } from '../support/engine.js';
import { EVERYTHING, Fleet, type Kind, runLoad } from '../support/load.js';
import { scaled, seeded } from '../support/sandbox.js';

const LOST = 'SNAPVM_ENGINE_WORKER_LOST';
/** Kinds whose calls may wait for the host when their worker dies, beside the one that runs. */
const WITH_HOST: readonly string[] = ['host', 'hostAsync', 'abortHost'] satisfies Kind[];
const ascending = (a: number, b: number): number => a - b;

test.serial('workers that die under load lose the calls they run, and no others', async (t) => {
  t.timeout(900_000);
  const fleet = new Fleet();
  const engine = await startEngine(t, { workers: 2, ...fleet.options });
  await fleet.define(engine, 20);
  const replaced: { threadId: number; calls: number }[] = [];
  engine.on('workerReplaced', (worker) => replaced.push(worker));

  const random = seeded(3);
  let ended = false;
  const terminated: number[] = [];
  const terminating = (async () => {
    for (; !ended; await sleep(100 + random() * 200)) {
      // One that is still being started has no calls, and would count as a start that failed.
      if (engine.workers < 2) continue;
      const ids = engine.threadIds;
      const one = random() < 0.5 ? 0 : 1;
      const victims = random() < 0.2 ? ids : ids.slice(one, one + 1);
      terminated.push(...victims);
      await Promise.all(victims.map(terminateThread));
    }
  })();
  const load = { callers: 64, calls: scaled(50_000, 400), mix: EVERYTHING, seed: 2, mayFailWith: [LOST] };
  const report = await runLoad(fleet, load);
  ended = true;
  await terminating;
  t.log(`${terminated.length} ended, ${report.codes[LOST] ?? 0} calls lost`, JSON.stringify(replaced));

  t.deepEqual(report.wrong.slice(0, 10), []);
  t.true(terminated.length > 1, 'the load lasted longer than the first worker');
  t.true(await eventually(() => engine.workers === 2 && replaced.length === terminated.length));
  const told = replaced.map(({ threadId }) => threadId);
  t.deepEqual(told.toSorted(ascending), terminated.toSorted(ascending));
  const lost = Object.entries(report.outcomes).map(([kind, ends]) => ({ kind, count: ends[LOST] ?? 0 }));
  const sum = (of: typeof lost): number => of.reduce((all, { count }) => all + count, 0);
  // A worker runs one guest; answers that are on their way when it dies arrive.
  t.true(sum(lost.filter(({ kind }) => !WITH_HOST.includes(kind))) <= replaced.length, JSON.stringify(lost));
  t.is(
    sum(lost),
    replaced.reduce((all, { calls }) => all + calls, 0),
    'the event says how many',
  );

  const stats = engine.stats();
  const { SNAPVM_CALL_INPUT_TOO_LARGE: refused = 0, ...errors } = report.codes;
  t.is(stats.calls, report.calls - refused);
  t.deepEqual(stats.errors, errors);
  t.like(stats, { pending: 0, waiting: 0, workers: 2, workersReplaced: replaced.length });

  const after = await runLoad(fleet, { callers: 16, calls: scaled(1000, 100), mix: EVERYTHING, seed: 4 });
  t.deepEqual(after.wrong.slice(0, 10), [], 'all is well afterwards');
});
