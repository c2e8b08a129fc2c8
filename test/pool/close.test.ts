// Closing in every state: nothing hangs, every call ends, and draining is what it says.
import { readdirSync } from 'node:fs';
import test, { type ExecutionContext } from 'ava';
import { Engine, type FunctionHandle } from '../../src/index.js';
import { codeOf, eventually, settle, sleep, startEngine, terminateThread } from '../support/engine.js';
import { guestPath, scaled, UNDER_QEMU } from '../support/sandbox.js';

const ECHO = { elf: guestPath('examples/echo') };
const CRASH = { elf: guestPath('examples/crash') };
const HOSTCALL = { elf: guestPath('examples/hostcall') };
/** Its Initialise does not end. */
const NEVER_READY = { elf: guestPath('hostile/forge'), initData: Buffer.from('l') };
const LONG = { timeoutMs: 60_000 };
const CLOSED = 'SNAPVM_ENGINE_CLOSED';
/** Far below the limits of the calls. */
const SOON_MS = UNDER_QEMU ? 50_000 : 10_000;

interface Busy {
  readonly engine: Engine;
  readonly crash: FunctionHandle;
  readonly guest: FunctionHandle;
  /** Calls in every state, of which none ends by itself but those that wait. */
  readonly running: readonly Promise<string>[];
  readonly waiting: readonly Promise<string>[];
  readonly suspended: readonly Promise<string>[];
  /** Lets the suspended ones go on, and stops the running ones. */
  release(): void;
}

for (const state of ['waiting', 'placed'] as const) {
  test.serial(`a call that ends with another, which closing ends, ends once (${state})`, async (t) => {
    const inner: Promise<string>[] = [];
    let other: FunctionHandle | undefined;
    const lookup = (_input: Uint8Array, { signal }: { signal: AbortSignal }): Promise<string> => {
      // Behind others: it has not begun when the one that made it ends.
      const before = state === 'placed' ? 1 : 100;
      for (let i = 0; i < before; i++)
        inner.push(codeOf((other as FunctionHandle).call('', { fn: 'loop', ...LONG })));
      inner.push(codeOf((other as FunctionHandle).call('', { ...LONG, signal })));
      return new Promise(() => {});
    };
    const engine = await startEngine(t, { workers: 1, hostFunctions: { lookup } });
    other = await engine.define('other', CRASH);
    const guest = await engine.define('guest', HOSTCALL, { ...LONG, hostFunctions: ['lookup'] });
    const outer = codeOf(guest.call('x'));
    while (inner.length === 0) await sleep(1);
    const more = codeOf(other.call('', LONG));
    await sleep(20);
    await engine.close();
    t.is(await outer, CLOSED);
    t.is(await more, CLOSED);
    for (const call of inner) t.is(await call, CLOSED);
    t.is(engine.threadIds.length, 0);
  });
}

/** An engine all of whose calls are under way. */
async function startBusy(t: ExecutionContext): Promise<Busy> {
  const answers: (() => void)[] = [];
  const lookup = (): Promise<string> => new Promise((resolve) => answers.push(() => resolve('found')));
  const engine = await startEngine(t, { workers: 2, hostFunctions: { lookup } });
  const crash = await engine.define('crash', CRASH, LONG);
  const guest = await engine.define('guest', HOSTCALL, { ...LONG, hostFunctions: ['lookup'] });
  const suspended = [1, 2, 3].map((i) => codeOf(guest.call(`${i}`)));
  while (answers.length < suspended.length) await sleep(1);
  const stop = new AbortController();
  const running = [1, 2].map(() => codeOf(crash.call('', { fn: 'loop', signal: stop.signal })));
  const waiting = Array.from({ length: 20 }, () => codeOf(crash.call()));
  await sleep(20);
  const release = (): void => {
    stop.abort();
    for (const answer of answers) answer();
  };
  return { engine, crash, guest, running, waiting, suspended, release };
}

/** Whether something ends long before the calls would by themselves. */
async function soon(promise: Promise<unknown>): Promise<boolean> {
  const late = Symbol('late');
  const timer = new AbortController();
  const limit = new Promise((resolve) => {
    const timeout = setTimeout(() => resolve(late), SOON_MS);
    timer.signal.addEventListener('abort', () => clearTimeout(timeout));
  });
  const first = await Promise.race([promise, limit]);
  timer.abort();
  return first !== late;
}

for (const drain of [false, true]) {
  test.serial(`an idle engine closes, and nothing works afterwards (drain: ${drain})`, async (t) => {
    const engine = await startEngine(t, { workers: 2 });
    const echo = await engine.define('echo', ECHO);
    t.is(await settle(echo.call('x')), 'x');
    t.true(await soon(engine.close({ drain })));
    t.is(engine.workers, 0);
    t.is(await codeOf(echo.call('x')), CLOSED);
    t.is(await codeOf(engine.call('echo', 'x')), CLOSED);
    t.is(await codeOf(engine.define('echo', ECHO)), CLOSED);
    t.true(await soon(Promise.all([engine.close(), engine.close({ drain: true }), engine.close({ drain })])));
    t.like(engine.stats(), { pending: 0, waiting: 0, workers: 0 });
  });
}

test.serial('calls that run, wait or are suspended fail when the engine is closed', async (t) => {
  for (let turn = 0; turn < scaled(5); turn++) {
    const { engine, guest, running, waiting, suspended } = await startBusy(t);
    const defining = codeOf(engine.define('forge', NEVER_READY, { initTimeoutMs: 60_000 }));
    await sleep(turn * 3);
    const closing = engine.close();
    t.is(await codeOf(guest.call('late')), CLOSED);
    const ends = await Promise.all([...running, ...waiting, ...suspended, defining]);
    t.deepEqual(
      ends,
      ends.map(() => CLOSED),
    );
    t.true(await soon(closing));
    t.like(engine.stats(), { pending: 0, waiting: 0, errors: { [CLOSED]: 26 } } as never);
  }
});

test.serial('an engine closes while functions are being defined', async (t) => {
  for (let turn = 0; turn < scaled(8); turn++) {
    const engine = await startEngine(t, { workers: 2 });
    const defining = Array.from({ length: 6 }, (_, i) =>
      codeOf(engine.define(`f ${i}`, i % 2 === 0 ? ECHO : NEVER_READY, { initTimeoutMs: 60_000 })),
    );
    await sleep(turn * 4);
    t.true(await soon(engine.close()));
    for (const code of await Promise.all(defining)) t.true([CLOSED, 'no error'].includes(code), code);
  }
});

test.serial('draining lets what is on its way end, and takes nothing new', async (t) => {
  const { engine, crash, guest, running, waiting, suspended, release } = await startBusy(t);
  let drained = false;
  const closing = engine.close({ drain: true }).then(() => {
    drained = true;
  });
  t.is(await codeOf(crash.call()), CLOSED);
  t.is(await codeOf(engine.call('guest', 'x')), CLOSED);
  t.is(await codeOf(guest.call('x')), CLOSED);
  await sleep(50);
  t.false(drained);
  t.is(engine.stats().pending, 25);
  release();
  t.deepEqual(await Promise.all(suspended), ['found', 'found', 'found']);
  t.deepEqual(await Promise.all(running), ['SNAPVM_CALL_ABORTED', 'SNAPVM_CALL_ABORTED']);
  t.deepEqual(
    await Promise.all(waiting),
    waiting.map(() => 'ok'),
  );
  t.true(await soon(closing));
  t.like(engine.stats(), { pending: 0, waiting: 0, workers: 0 });
});

test.serial('a close cuts a drain short', async (t) => {
  const { engine, running, waiting, suspended } = await startBusy(t);
  const draining = Promise.all([engine.close({ drain: true }), engine.close({ drain: true })]);
  await sleep(20);
  t.is(engine.stats().pending, 25);
  t.true(await soon(Promise.all([engine.close(), draining])));
  const ends = await Promise.all([...running, ...waiting, ...suspended]);
  t.deepEqual(
    ends,
    ends.map(() => CLOSED),
  );
});

test.serial('a drain goes on when a worker dies', async (t) => {
  const { engine, running, waiting, suspended, release } = await startBusy(t);
  const closing = engine.close({ drain: true });
  await terminateThread(engine.threadIds[0] ?? 0);
  await sleep(20);
  release();
  const ends = await Promise.all([...running, ...suspended]);
  t.true(ends.includes('SNAPVM_ENGINE_WORKER_LOST'), ends.join());
  t.deepEqual(
    await Promise.all(waiting),
    waiting.map(() => 'ok'),
  );
  t.true(await soon(closing));
});

test.serial('engines that are closed under load leave no files behind', async (t) => {
  const count = (): number => readdirSync('/proc/self/fd').length;
  const once = async (): Promise<void> => {
    const engine = await Engine.start({ workers: 2 });
    const echo = await engine.define('echo', ECHO, LONG);
    const calls = Array.from({ length: 200 }, (_, i) => codeOf(echo.call(`${i}`)));
    await calls[0];
    await engine.close();
    for (const [i, end] of (await Promise.all(calls)).entries()) t.true([`${i}`, CLOSED].includes(end), end);
  };
  for (let turn = 0; turn < 3; turn++) await once();
  const before = count();
  for (let turn = 0; turn < scaled(15); turn++) await once();
  t.true(await eventually(() => count() <= before, 20), `${before} files, then ${count()}`);
});
