// Calls behind a guest that takes longer than anybody expected, while another worker has nothing to do.
import test, { type ExecutionContext } from 'ava';
import type { FunctionHandle } from '../../src/index.js';
import { codeOf, settle, sleep, startEngine } from '../support/engine.js';
import { guestPath, scaled, UNDER_QEMU } from '../support/sandbox.js';

const ECHO = { elf: guestPath('examples/echo') };
const CRASH = { elf: guestPath('examples/crash') };
const HOSTCALL = { elf: guestPath('examples/hostcall') };
const LONG = { timeoutMs: 60_000 };
/** Far below the time the long guests take, which is until they are stopped. */
const SOON_MS = UNDER_QEMU ? 20_000 : 5000;

/** A function whose calls are known to be short, with a sandbox on one worker. */
async function short(t: ExecutionContext): Promise<FunctionHandle> {
  const engine = await startEngine(t, { workers: 2 });
  const crash = await engine.define('crash', CRASH);
  for (let i = 0; i < 50; i++) t.is(await settle(crash.call()), 'ok');
  return crash;
}

function soon(t: ExecutionContext, calls: readonly Promise<unknown>[], what: string): Promise<void> {
  const late = sleep(SOON_MS).then(() => t.fail(`${what} took too long`));
  return Promise.race([Promise.all(calls), late]).then(() => {});
}

test.serial('a call made long after one that spins, of the same function', async (t) => {
  const crash = await short(t);
  for (let turn = 0; turn < scaled(5); turn++) {
    const stop = new AbortController();
    const spinning = codeOf(crash.call('', { fn: 'loop', ...LONG, signal: stop.signal }));
    await sleep(50);
    await soon(t, [crash.call('', LONG)], 'the call behind it');
    stop.abort();
    t.is(await spinning, 'SNAPVM_CALL_ABORTED');
    for (let i = 0; i < 50; i++) await crash.call(); // short again, by average
  }
});

test.serial('calls made in one go with one that spins', async (t) => {
  const crash = await short(t);
  for (let turn = 0; turn < scaled(5); turn++) {
    const stop = new AbortController();
    const spinning = codeOf(crash.call('', { fn: 'loop', ...LONG, signal: stop.signal }));
    await soon(
      t,
      Array.from({ length: 9 }, () => crash.call('', LONG)),
      'the calls behind it',
    );
    stop.abort();
    t.is(await spinning, 'SNAPVM_CALL_ABORTED');
    for (let i = 0; i < 50; i++) await crash.call();
  }
});

test.serial('a single call whose sandbox is where a guest spins that the host has answered', async (t) => {
  const answers: (() => void)[] = [];
  const lookup = (): Promise<string> => new Promise((resolve) => answers.push(() => resolve('x')));
  const engine = await startEngine(t, { workers: 2, hostFunctions: { lookup } });
  const asking = await engine.define('asking', HOSTCALL, { hostFunctions: ['lookup'] });
  const echoes = await Promise.all([1, 2].map((i) => engine.define(`echo ${i}`, ECHO)));
  for (const echo of echoes) await echo.call('x');
  const stop = new AbortController();
  const hanging = codeOf(asking.call('', { fn: 'hang', ...LONG, signal: stop.signal }));
  while (answers.length === 0) await sleep(1);
  for (const answer of answers) answer();
  await sleep(20);
  // One of the two has its sandbox there.
  for (const echo of echoes) await soon(t, [echo.call('y', LONG)], echo.name);
  stop.abort();
  t.is(await hanging, 'SNAPVM_CALL_ABORTED');
});

test.serial('an input for which one worker has no room goes to another', async (t) => {
  const engine = await startEngine(t, { workers: 2 });
  const bytes = 140 << 20; // more than half of what a worker takes
  const crash = await engine.define('crash', CRASH, { inputBytes: bytes + 4096 });
  const input = new Uint8Array(bytes);
  await crash.call();
  const stop = new AbortController();
  const spinning = codeOf(crash.call(input, { fn: 'loop', ...LONG, signal: stop.signal }));
  await soon(t, [crash.call(input, LONG)], 'the other');
  stop.abort();
  t.is(await spinning, 'SNAPVM_CALL_ABORTED');
});

test.serial(
  'an answer in front of a guest that spins, or breaks the protocol, while many wait',
  async (t) => {
    const engine = await startEngine(t, { workers: 1 });
    const crash = await engine.define('crash', CRASH);
    const echo = await engine.define('echo', ECHO);
    for (let i = 0; i < 50; i++) await Promise.all([crash.call(), echo.call('x')]);
    for (const fn of ['loop', 'null_write', 'big_output']) {
      const stop = new AbortController();
      const { signal } = stop;
      const first = Promise.all(Array.from({ length: 8 }, () => echo.call('x', LONG)));
      const bad = codeOf(crash.call('', { fn, ...LONG, signal }));
      const behind = Array.from({ length: 8 }, () => settle(echo.call('y', LONG)));
      await soon(t, [first], `what came before ${fn}`);
      stop.abort();
      t.not(await bad, 'ok');
      t.deepEqual(await Promise.all(behind), new Array(8).fill('y'));
    }
  },
);
