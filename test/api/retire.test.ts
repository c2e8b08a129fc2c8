// What undefine waits for, signals that many share, and inputs that are no more.
import { readdirSync, readlinkSync } from 'node:fs';
import test from 'ava';
import { codeOf, eventually, sleep, startEngine } from '../support/engine.js';
import { errorOf, forever, gate, startHostEngine, text } from '../support/host.js';
import { guestPath, UNDER_QEMU } from '../support/sandbox.js';

const ECHO = { elf: guestPath('examples/echo') };
const HOSTCALL = { elf: guestPath('examples/hostcall') };

test('undefine waits for calls of earlier definitions of the name too', async (t) => {
  const held = gate();
  const { engine, guest } = await startHostEngine(t, {
    lookup: async () => {
      await held.promise;
      return 'late';
    },
  });
  const call = guest.call('x');
  t.true(await eventually(() => engine.stats().hostCalls === 1));
  await engine.define('guest', HOSTCALL, { hostFunctions: ['lookup'] });
  let ended = false;
  const undefined_ = guest.undefine().then(() => {
    ended = true;
  });
  await sleep(50);
  t.false(ended, 'a call of the first definition is on its way');
  t.is(await codeOf(guest.call('y')), 'SNAPVM_ENGINE_UNKNOWN', 'further calls fail at once');
  held.open();
  t.is(text(await call), 'late');
  await undefined_;
  t.is(engine.stats().calls, 1, 'and it is counted');
});

test('undefine holds from the moment it is called', async (t) => {
  const engine = await startEngine(t, { workers: 1 });
  await engine.define('echo', ECHO);
  const undefined_ = engine.undefine('echo');
  t.is(await codeOf(engine.call('echo', 'x')), 'SNAPVM_ENGINE_UNKNOWN');
  await undefined_;
});

test('a signal made of others is watched only while a call needs it', async (t) => {
  const engine = await startEngine(t, { workers: 1 });
  const echo = await engine.define('echo', ECHO);
  const signal = AbortSignal.any([new AbortController().signal, new AbortController().signal]);
  let listeners = 0;
  const [add, remove] = [signal.addEventListener, signal.removeEventListener];
  signal.addEventListener = (...args: Parameters<typeof add>) => {
    listeners += 1;
    add.apply(signal, args);
  };
  signal.removeEventListener = (...args: Parameters<typeof remove>) => {
    listeners -= 1;
    remove.apply(signal, args);
  };
  const calls = Array.from({ length: 20 }, (_, i) => echo.call(`${i}`, { signal }));
  t.is(listeners, 1);
  t.deepEqual(
    (await Promise.all(calls)).map(text),
    Array.from({ length: 20 }, (_, i) => `${i}`),
  );
  t.is(listeners, 0);
});

test('an abort is prompt when it comes while the host call is on its way and the worker goes on with another guest', async (t) => {
  const controller = new AbortController();
  const { engine, guest } = await startHostEngine(t, { lookup: () => forever() }, { workers: 1 });
  const crash = await engine.define('crash', { elf: guestPath('examples/crash') });
  await Promise.all([guest.call('x', { fn: 'say' }), crash.call()]);
  const stopped = errorOf(t, guest.call('1', { signal: controller.signal, timeoutMs: 60_000 }));
  const behind = crash.call('', { fn: 'loop', timeoutMs: UNDER_QEMU ? 20_000 : 3000 }).catch(() => {});
  // The main thread is busy: by the end of this the guest has asked, and nobody has heard.
  const busy = performance.now() + (UNDER_QEMU ? 1000 : 60);
  while (performance.now() < busy);
  const since = performance.now();
  controller.abort();
  t.is((await stopped).code, 'SNAPVM_CALL_ABORTED');
  t.true(performance.now() - since < (UNDER_QEMU ? 10_000 : 1500));
  await behind;
});

test('a view on memory that was given away is refused, whether the call would wait or not', async (t) => {
  const engine = await startEngine(t, { workers: 1 });
  const echo = await engine.define('echo', ECHO);
  const given = new Uint8Array(16);
  structuredClone(given.buffer, { transfer: [given.buffer] });
  t.is(await codeOf(echo.call(given)), 'SNAPVM_CONFIG_VALUE');
  const others = Array.from({ length: 200 }, (_, i) => echo.call(`${i}`));
  t.is(await codeOf(echo.call(given)), 'SNAPVM_CONFIG_VALUE');
  await Promise.all(others);
  await engine.close({ drain: true });
  t.is(engine.stats().pending, 0);
});

test.serial('what a function held is released when undefine resolves: descriptors and maps', async (t) => {
  const engine = await startEngine(t, { workers: 2 });
  const sources = { elf: ECHO, js: { js: 'export default (x) => x;' } };
  const cycle = async (name: keyof typeof sources): Promise<void> => {
    await engine.define(name, sources[name] as typeof ECHO);
    await Promise.all(Array.from({ length: 40 }, () => engine.call(name, 'x')));
    await engine.undefine(name);
  };
  for (const name of ['elf', 'js'] as const) {
    await cycle(name);
    await sleep(1000); // what the first of its kind leaves is kept for the next
    const before = imagesOpen();
    for (let i = 0; i < 5; i++) {
      await cycle(name);
      t.deepEqual(imagesOpen(), before, name);
    }
  }
});

test.serial('undefine does not wait for the guest of another function', async (t) => {
  const engine = await startEngine(t, { workers: 1 });
  const echo = await engine.define('echo', ECHO);
  await echo.call('x');
  const crash = await engine.define('crash', { elf: guestPath('examples/crash') });
  await crash.call();
  const spins = crash.call('', { fn: 'loop', timeoutMs: 86_400_000 }).catch(() => {});
  await sleep(50);
  await echo.undefine();
  t.is(engine.stats().pending, 1);
  await engine.close();
  await spins;
});

/** Memory files that this process has open. */
function imagesOpen(): number {
  return readdirSync('/proc/self/fd').filter((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`).startsWith('/memfd:');
    } catch {
      return false; // that of the folder itself
    }
  }).length;
}
