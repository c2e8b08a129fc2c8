// How many calls may wait, and what those learn that may not.
import { setImmediate as nextTurn } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import type { Engine, FunctionHandle, SnapvmError } from '../../src/index.js';
import { codeOf, settle, startEngine } from '../support/engine.js';
import { guestPath } from '../support/sandbox.js';

const CRASH = { elf: guestPath('examples/crash') };
const FULL = 'SNAPVM_ENGINE_QUEUE_FULL';
const ABORTED = 'SNAPVM_CALL_ABORTED';
const WORKERS = 2;

/** Calls that last until they are stopped, from the one made first. */
class Held {
  readonly ends: Promise<string>[] = [];
  readonly #stops: AbortController[] = [];

  constructor(readonly crash: FunctionHandle) {}

  add(count: number): void {
    for (let i = 0; i < count; i++) {
      const stop = new AbortController();
      this.#stops.push(stop);
      this.ends.push(codeOf(this.crash.call('', { fn: 'loop', timeoutMs: 60_000, signal: stop.signal })));
    }
  }

  /** Stops the last ones, which wait. */
  async stop(count: number): Promise<void> {
    for (const stop of this.#stops.splice(-count)) stop.abort();
    await Promise.all(this.ends.splice(-count));
  }
}

async function start(
  t: ExecutionContext,
  maxQueue: number,
): Promise<{ readonly engine: Engine; readonly crash: FunctionHandle; readonly full: unknown[] }> {
  const engine = await startEngine(t, { workers: WORKERS, maxQueue });
  const full: unknown[] = [];
  engine.on('queueFull', (queue) => full.push(queue));
  return { engine, full, crash: await engine.define('crash', CRASH) };
}

for (const maxQueue of [0, 1, 5, 200]) {
  test.serial(
    `of all calls only those over maxQueue are refused, at once (maxQueue: ${maxQueue})`,
    async (t) => {
      const { engine, crash } = await start(t, maxQueue);
      const held = new Held(crash);
      held.add(WORKERS);
      const waiting = Array.from({ length: maxQueue }, () => codeOf(crash.call('', { timeoutMs: 60_000 })));
      const refused: string[] = [];
      for (let i = 0; i < 10; i++) {
        void codeOf(crash.call('', { fn: i % 2 === 0 ? 'ok' : 'loop' })).then((code) => refused.push(code));
      }
      await nextTurn();
      t.deepEqual(refused, new Array(10).fill(FULL));
      t.is(engine.stats().pending, maxQueue + WORKERS);
      t.true(engine.stats().waiting <= maxQueue);
      const error = (await settle(crash.call())) as SnapvmError;
      t.like(error, { code: FULL, details: { maxQueue } } as never);
      t.regex(error.message, new RegExp(`^${maxQueue} calls wait`));

      const ends = [...held.ends];
      await held.stop(WORKERS);
      t.deepEqual(await Promise.all(ends), [ABORTED, ABORTED]);
      t.deepEqual(await Promise.all(waiting), new Array(maxQueue).fill('ok'));
      t.is(await settle(crash.call()), 'ok');
      t.like(engine.stats(), { pending: 0, waiting: 0, errors: { [FULL]: 11, [ABORTED]: WORKERS } } as never);
    },
  );
}

test.serial('a full queue is told of once, and again when half of it was free meanwhile', async (t) => {
  const { engine, crash, full } = await start(t, 6);
  const held = new Held(crash);
  held.add(8);
  t.deepEqual(full, []);
  const over = async (times: number): Promise<void> => {
    for (let i = 0; i < times; i++) t.is(await codeOf(crash.call()), FULL);
  };
  await over(3);
  t.deepEqual(full, [{ maxQueue: 6 }]);
  await held.stop(3);
  held.add(3);
  await over(3);
  t.is(full.length, 1, 'five were still on their way');
  await held.stop(5);
  held.add(5);
  t.is(full.length, 1, 'nothing was refused');
  await over(3);
  t.deepEqual(full, [{ maxQueue: 6 }, { maxQueue: 6 }]);
  await held.stop(8);
  t.like(engine.stats(), { pending: 0, waiting: 0 });
});

test.serial('calls that wait for a host function count as well', async (t) => {
  const answers: (() => void)[] = [];
  const lookup = (): Promise<string> => new Promise((resolve) => answers.push(() => resolve('found')));
  const engine = await startEngine(t, { workers: 1, maxQueue: 3, hostFunctions: { lookup } });
  const source = { elf: guestPath('examples/hostcall') };
  const guest = await engine.define('guest', source, { hostFunctions: ['lookup'], timeoutMs: 60_000 });
  const calls = [1, 2, 3, 4].map((i) => settle(guest.call(`${i}`)));
  while (answers.length < 4) await nextTurn();
  t.is(engine.stats().pending, 4);
  t.is(engine.stats().waiting, 0);
  t.is(await codeOf(guest.call('5')), FULL);
  for (const answer of answers.splice(0)) answer();
  t.deepEqual(await Promise.all(calls), ['found', 'found', 'found', 'found']);
});
