// Deadlines count waiting, wherever a call waits; limits of a millisecond hold; and nothing slips between.
import test from 'ava';
import { codeOf, settle, sleep, startEngine } from '../support/engine.js';
import { guestPath, scaled, seeded, UNDER_QEMU } from '../support/sandbox.js';

const CRASH = { elf: guestPath('examples/crash') };
const HOSTCALL = { elf: guestPath('examples/hostcall') };
const LONG = { timeoutMs: 60_000 };
const DEADLINE = 'SNAPVM_CALL_DEADLINE';
const TIMEOUT = 'SNAPVM_CALL_TIMEOUT';
const ABORTED = 'SNAPVM_CALL_ABORTED';
/** Far below any limit that is not meant to stop a call. */
const SOON_MS = UNDER_QEMU ? 20_000 : 2000;

const never = (): Promise<never> => new Promise(() => {});

test.serial('a deadline ends a call that waits, and others go on', async (t) => {
  const engine = await startEngine(t, { workers: 1 });
  const crash = await engine.define('crash', CRASH);
  const stop = new AbortController();
  const spinning = codeOf(crash.call('', { fn: 'loop', ...LONG, signal: stop.signal }));
  const since = performance.now();
  const late = [20, 30.5, 40.9].map((deadlineMs) => codeOf(crash.call('', { deadlineMs, ...LONG })));
  const patient = codeOf(crash.call('', { deadlineMs: 60_000, ...LONG }));
  t.deepEqual(await Promise.all(late), [DEADLINE, DEADLINE, DEADLINE]);
  const ms = performance.now() - since;
  t.true(ms >= 40.9 && ms < SOON_MS, `${ms} ms`);
  stop.abort();
  t.is(await spinning, ABORTED);
  t.is(await patient, 'ok');
});

test.serial('a deadline ends a call that runs, not before and never as an abort', async (t) => {
  const engine = await startEngine(t, { workers: 2 });
  const crash = await engine.define('crash', CRASH);
  const random = seeded(5);
  for (let turn = 0; turn < scaled(60, 5); turn++) {
    const deadlineMs = 4 + random() * 4;
    const since = performance.now();
    const signal = turn % 2 === 0 ? {} : { signal: new AbortController().signal };
    t.is(await codeOf(crash.call('', { fn: 'loop', ...LONG, deadlineMs, ...signal })), DEADLINE);
    const ms = performance.now() - since;
    t.true(ms >= deadlineMs && ms < SOON_MS, `${ms} ms`);
  }
  t.is(await settle(crash.call()), 'ok');
});

test.serial('a deadline ends a call that waits for the host', async (t) => {
  const engine = await startEngine(t, { workers: 1, hostFunctions: { lookup: never } });
  const guest = await engine.define('guest', HOSTCALL, { hostFunctions: ['lookup'] });
  const calls = [20, 25.7].map((deadlineMs) => codeOf(guest.call('x', { ...LONG, deadlineMs })));
  t.deepEqual(await Promise.all(calls), [DEADLINE, DEADLINE]);
  t.is(await settle(guest.call('hello', { fn: 'say' })), 'said');
});

test.serial('a deadline to come changes nothing, and the earlier limit counts', async (t) => {
  const engine = await startEngine(t, { workers: 1 });
  const crash = await engine.define('crash', CRASH);
  for (let turn = 0; turn < scaled(200, 10); turn++) {
    t.is(await settle(crash.call('', { deadlineMs: 60_000, ...LONG })), 'ok');
  }
  t.is(await codeOf(crash.call('', { fn: 'loop', timeoutMs: 5, deadlineMs: 60_000 })), TIMEOUT);
  t.is(await codeOf(crash.call('', { fn: 'loop', timeoutMs: 60_000, deadlineMs: 5 })), DEADLINE);
});

test.serial('limits of a millisecond and less stop what spins, and only that', async (t) => {
  const engine = await startEngine(t, { workers: 2 });
  const crash = await engine.define('crash', CRASH);
  const calls: Promise<string>[] = [];
  for (let turn = 0; turn < scaled(200, 10); turn++) {
    calls.push(codeOf(crash.call('', { fn: 'loop', timeoutMs: turn % 3 === 0 ? 0.01 : 1 })));
    calls.push(codeOf(crash.call('', LONG)));
    calls.push(codeOf(crash.call('', { fn: 'loop', ...LONG, deadlineMs: turn % 2 === 0 ? 0.01 : 1 })));
  }
  const ends = await Promise.all(calls);
  const expected = [TIMEOUT, 'ok', DEADLINE];
  t.deepEqual(
    ends.filter((end, i) => end !== expected[i % 3]),
    [],
  );
  t.like(engine.stats(), { pending: 0, waiting: 0 });
});

test.serial('a call that is stopped while its question to the host is on the way ends at once', async (t) => {
  let asked = 0;
  const lookup = (): Promise<never> => {
    asked += 1;
    return never();
  };
  const engine = await startEngine(t, { workers: 1, hostFunctions: { lookup } });
  const guest = await engine.define('guest', HOSTCALL, { hostFunctions: ['lookup'] });
  t.is(await settle(guest.call('warm', { fn: 'say' })), 'said');
  for (let turn = 0; turn < scaled(10); turn++) {
    const stop = new AbortController();
    const call = codeOf(guest.call('x', { ...LONG, signal: stop.signal }));
    // The guest runs and asks; nobody listens here meanwhile.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, UNDER_QEMU ? 1000 : 20);
    stop.abort();
    t.is(await Promise.race([call, sleep(SOON_MS)]), ABORTED);
  }
  t.is(asked, 0, 'nobody wants the answer');
  t.is(await settle(guest.call('hello', { fn: 'say' })), 'said');
});
