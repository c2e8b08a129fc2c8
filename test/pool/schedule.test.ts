// Who runs when and where: turns between functions, idle workers, and sandboxes that are used again.
import test from 'ava';
import { codeOf, settle, sleep, startEngine } from '../support/engine.js';
import { guestPath, scaled } from '../support/sandbox.js';

const ECHO = { elf: guestPath('examples/echo') };
const CRASH = { elf: guestPath('examples/crash') };
const HOSTCALL = { elf: guestPath('examples/hostcall') };
const LONG = { timeoutMs: 60_000 };
/** Of guests that spin until their test has seen enough. */
const SPINS = { fn: 'loop', ...LONG };

for (const workers of [1, 2]) {
  test.serial(`a function with few calls need not wait for one with many (${workers} workers)`, async (t) => {
    const engine = await startEngine(t, { workers, maxQueue: 2000 });
    const many = await engine.define('many', ECHO);
    const few = await engine.define('few', ECHO);
    const order: string[] = [];
    const call = async (handle: typeof many): Promise<void> => {
      await handle.call('x', LONG);
      order.push(handle.name);
    };
    const [most, some] = [scaled(1000, 200), scaled(100, 20)];
    const calls = [
      ...Array.from({ length: most }, () => call(many)),
      ...Array.from({ length: some }, () => call(few)),
    ];
    await Promise.all(calls);
    t.is(order.length, most + some);
    const behind = order.slice(order.lastIndexOf('few') + 1).length;
    t.true(behind >= most / 2, `${behind} calls of the other function ended after the last of these`);
  });
}

for (const slow of [false, true]) {
  const kind = slow ? 'slow calls' : 'calls';
  test.serial(`no function starves under ten times as many ${kind} of another`, async (t) => {
    const engine = await startEngine(t, { workers: 2, maxQueue: 2000 });
    const many = await engine.define('many', CRASH);
    const few = await engine.define('few', ECHO);
    const counts = { many: 0, few: 0 };
    const enough = scaled(400, 40);
    // Ten callers for each of the other function, all of them always waiting for their next call.
    const manyCalls = async (): Promise<void> => {
      while (counts.few < enough) {
        if (slow) t.is(await codeOf(many.call('', { fn: 'loop', timeoutMs: 3 })), 'SNAPVM_CALL_TIMEOUT');
        else t.is(await settle(many.call('', LONG)), 'ok');
        counts.many += 1;
      }
    };
    const fewCalls = async (): Promise<void> => {
      while (counts.few < enough) {
        t.is(await settle(few.call('x', LONG)), 'x');
        counts.few += 1;
      }
    };
    await Promise.all([...Array.from({ length: 100 }, manyCalls), ...Array.from({ length: 10 }, fewCalls)]);
    // Turns are taken by functions, so few callers get more of them each, not less. Where calls are so short that
    // all of them are with the workers and none waits for a turn, each caller gets the same, but for chance.
    t.true(counts.few * 12 >= counts.many, JSON.stringify(counts));
    t.log(counts);
  });
}

test.serial('calls placed behind one that spins run on another worker as soon as that is idle', async (t) => {
  const engine = await startEngine(t, { workers: 2 });
  const crash = await engine.define('crash', CRASH);
  const echo = await engine.define('echo', ECHO);
  for (let turn = 0; turn < scaled(10); turn++) {
    const [one, other] = [new AbortController(), new AbortController()];
    const spinning = [one, other].map(({ signal }) => codeOf(crash.call('', { ...SPINS, signal })));
    // Both workers are busy: these go into their rings, behind the guests that spin, or wait.
    const calls = Promise.all(Array.from({ length: 8 }, (_, i) => settle(echo.call(`${i}`, LONG))));
    await sleep(5);
    (turn % 2 === 0 ? one : other).abort();
    t.deepEqual(
      await calls,
      Array.from({ length: 8 }, (_, i) => `${i}`),
    );
    one.abort();
    other.abort();
    t.deepEqual(await Promise.all(spinning), ['SNAPVM_CALL_ABORTED', 'SNAPVM_CALL_ABORTED']);
  }
});

test.serial('a function whose worker is busy runs on another', async (t) => {
  const engine = await startEngine(t, { workers: 2 });
  const crash = await engine.define('crash', CRASH);
  for (let turn = 0; turn < scaled(10); turn++) {
    const stop = new AbortController();
    const spinning = codeOf(crash.call('', { ...SPINS, signal: stop.signal }));
    t.is(await settle(crash.call('', LONG)), 'ok');
    stop.abort();
    t.is(await spinning, 'SNAPVM_CALL_ABORTED');
  }
});

test.serial('an answer is not held up by the guests that run behind it', async (t) => {
  const engine = await startEngine(t, { workers: 1 });
  const crash = await engine.define('crash', CRASH);
  const echo = await engine.define('echo', ECHO);
  for (let turn = 0; turn < scaled(10); turn++) {
    const stop = new AbortController();
    const calls = Promise.all([echo.call('x', LONG), echo.call('y', LONG)]);
    const behind = codeOf(crash.call('', { ...SPINS, signal: stop.signal }));
    await calls;
    stop.abort();
    t.is(await behind, 'SNAPVM_CALL_ABORTED');
  }
});

test.serial('no call waits for a guest that spins since the host has answered it', async (t) => {
  const answers: (() => void)[] = [];
  const lookup = (): Promise<string> => new Promise((resolve) => answers.push(() => resolve('x')));
  const engine = await startEngine(t, { workers: 2, hostFunctions: { lookup } });
  const asking = await engine.define('asking', HOSTCALL, { hostFunctions: ['lookup'] });
  const echoes = await Promise.all([1, 2, 3, 4, 5, 6].map((i) => engine.define(`echo ${i}`, ECHO)));
  for (const echo of echoes) await echo.call('x');
  const stop = new AbortController();
  const hanging = codeOf(asking.call('', { fn: 'hang', ...LONG, signal: stop.signal }));
  while (answers.length === 0) await sleep(1);
  for (const answer of answers) answer();
  await sleep(20);
  const calls = echoes.map((echo) => settle(echo.call('y', LONG)));
  t.deepEqual(
    await Promise.all(calls),
    echoes.map(() => 'y'),
  );
  stop.abort();
  t.is(await hanging, 'SNAPVM_CALL_ABORTED');
});

test.serial('calls of a function return to the sandbox that it has', async (t) => {
  const engine = await startEngine(t, { workers: 2 });
  const count = 12;
  const handles = await Promise.all(
    Array.from({ length: count }, (_, i) => engine.define(`echo ${i}`, ECHO)),
  );
  const rounds = scaled(20);
  for (let round = 0; round < rounds; round++) {
    for (const [i, handle] of handles.entries()) t.is(await settle(handle.call(`${i}`)), `${i}`);
    t.is(engine.stats().residents.sandboxes, count);
  }
  t.is(engine.stats().restores, count * (rounds - 1));
});
