// Worker threads that die: their calls fail, others go on, and the engine gets new ones.
import test from 'ava';
import { codeOf, eventually, settle, sleep, startEngine, terminateThread } from '../support/engine.js';
import { guestPath, scaled, UNDER_QEMU } from '../support/sandbox.js';

const CRASH = { elf: guestPath('examples/crash') };
const ECHO = { elf: guestPath('examples/echo') };
// A thread cannot end before its guest leaves KVM_RUN, which without the engine's help is at its limit.
const SOON = { timeoutMs: UNDER_QEMU ? 3000 : 300 };
const LATER = { timeoutMs: UNDER_QEMU ? 20_000 : 2500 };

test.serial('workers are counted, and have the ids of their threads', async (t) => {
  const engine = await startEngine(t, { workers: 3 });
  t.is(engine.workers, 3);
  t.is(new Set(engine.threadIds).size, 3);
  await engine.close();
  t.is(engine.workers, 0);
});

test.serial('a worker that is ended while its guest spins loses its call, and is replaced', async (t) => {
  const engine = await startEngine(t, { workers: 1 });
  const crash = await engine.define('crash', CRASH);
  for (let turn = 0; turn < scaled(5); turn++) {
    const lost = codeOf(crash.call('', { fn: 'loop', ...SOON }));
    const queued = settle(crash.call());
    await sleep(20);
    const [thread = 0] = engine.threadIds;
    await terminateThread(thread);
    t.is(await lost, 'SNAPVM_ENGINE_WORKER_LOST');
    t.is(await queued, 'ok', 'what waited is served by the new worker');
    t.true(await eventually(() => engine.workers === 1));
    t.not(engine.threadIds[0], thread);
  }
});

test.serial('an idle worker that is ended is replaced, and nothing fails', async (t) => {
  const engine = await startEngine(t, { workers: 2 });
  const echo = await engine.define('echo', ECHO);
  t.is(await settle(echo.call('one')), 'one');
  const threads = engine.threadIds;
  await Promise.all(threads.map(terminateThread));
  t.true(await eventually(() => engine.workers === 2));
  t.is(await settle(echo.call('two')), 'two');
  t.true(engine.threadIds.every((id) => !threads.includes(id)));
});

test.serial('the calls of the other workers are not disturbed', async (t) => {
  const engine = await startEngine(t, { workers: 2 });
  const echo = await engine.define('echo', ECHO);
  const crash = await engine.define('crash', CRASH);
  const looping = codeOf(crash.call('', { fn: 'loop', ...LATER }));
  await sleep(20);
  let ended = 0;
  const answers: string[] = [];
  for (const id of engine.threadIds) {
    const calls = Array.from({ length: 20 }, (_, i) => codeOf(echo.call(`${i}`)));
    await terminateThread(id);
    ended++;
    answers.push(...(await Promise.all(calls)));
    t.true(await eventually(() => engine.workers === 2));
  }
  t.is(await looping, 'SNAPVM_ENGINE_WORKER_LOST');
  t.is(ended, 2);
  // At most the call a dying worker had is lost; every other got its own answer.
  const lost = answers.filter((answer) => answer === 'SNAPVM_ENGINE_WORKER_LOST').length;
  t.true(lost <= 2, `${lost} calls lost`);
  for (const [i, answer] of answers.entries()) {
    if (answer !== 'SNAPVM_ENGINE_WORKER_LOST') t.is(answer, `${i % 20}`);
  }
});

test.serial('what a worker has made of a guest outlives the worker', async (t) => {
  let ended: Promise<void> | undefined;
  const end = (): void => {
    if (ended !== undefined) return;
    ended = terminateThread(engine.threadIds[0] ?? 0);
    // It ends while this thread is still about to take over what it has made.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500);
  };
  const logger = { error: end, warn: end, info: end, debug: end, trace: end };
  const engine = await startEngine(t, { workers: 1, logger });
  const talks = await engine.define('talks', { js: "console.log('x'); export default () => 'here';" });
  t.not(ended, undefined, 'it has logged, and its worker was ended');
  await ended;
  t.is(await talks.call(), 'here');
});

test.serial('an engine can be closed while its workers die', async (t) => {
  const engine = await startEngine(t, { workers: 2 });
  const crash = await engine.define('crash', CRASH);
  const calls = [1, 2, 3].map(() => codeOf(crash.call('', { fn: 'loop', ...SOON })));
  await sleep(20);
  const ended = engine.threadIds.map(terminateThread);
  await Promise.all([engine.close(), ...ended]);
  for (const code of await Promise.all(calls)) {
    t.true(['SNAPVM_ENGINE_WORKER_LOST', 'SNAPVM_ENGINE_CLOSED'].includes(code), code);
  }
});

test.serial('ending a worker interrupts its guest first', async (t) => {
  const engine = await startEngine(t, { workers: 1 });
  const crash = await engine.define('crash', CRASH);
  const lost = codeOf(crash.call('', { fn: 'loop', timeoutMs: 8000 }));
  await sleep(100);
  const since = performance.now();
  await terminateThread(engine.threadIds[0] ?? 0);
  const ms = performance.now() - since;
  t.is(await lost, 'SNAPVM_ENGINE_WORKER_LOST');
  t.true(ms < 4000, `${ms} ms`);
});

test.serial('a worker that dies while it starts is replaced too', async (t) => {
  const engine = await startEngine(t, { workers: 1 });
  const echo = await engine.define('echo', ECHO);
  const [first = 0] = engine.threadIds;
  await terminateThread(first);
  t.true(await eventually(() => engine.threadIds.some((id) => id > first)));
  await terminateThread(Math.max(...engine.threadIds));
  t.is(await Promise.race([settle(echo.call('hello')), sleep(8000)]), 'hello');
});
