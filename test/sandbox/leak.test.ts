// Nothing is left behind: descriptors, mappings and memory are flat, whatever is created, called or ended.
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Worker } from 'node:worker_threads';
import test, { type ExecutionContext } from 'ava';
import { addon } from '../../src/addon/addon.js';
import { codeOf, settle, sleep, startEngine } from '../support/engine.js';
import { RING_0 } from '../support/ring-0.js';
import {
  coldGuest,
  guestPath,
  newGuest,
  nextTicket,
  PATIENT,
  readyGuest,
  TEST_BACKEND,
} from '../support/sandbox.js';
import { testWith } from '../support/test-with.js';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

interface Usage {
  readonly fds: number;
  readonly mappings: number;
  readonly rssMiB: number;
  readonly kvmFds: number;
}

function usage(): Usage {
  const maps = readFileSync('/proc/self/maps', 'utf8').split('\n');
  return {
    fds: readdirSync('/proc/self/fd').length,
    mappings: maps.length,
    rssMiB: Math.round(process.memoryUsage.rss() / 2 ** 20),
    kvmFds: maps.filter((line) => line.includes('kvm')).length,
  };
}

/** Usage once threads have ended and garbage is gone. */
async function settled(): Promise<Usage> {
  for (let turn = 0; turn < 5; turn++) {
    collect();
    await sleep(40);
  }
  return usage();
}

// V8 maps and unmaps its heap in chunks and glibc keeps arenas, whatever snapvm does. One leaked sandbox has three
// descriptors and six mappings, and every test here makes at least 200, so neither could hide in this.
const FEW_MAPPINGS = 150;
// A sandbox's pages and ring are 500 KiB and more, a thread 4 MiB: 200 leaked ones would be 100 MiB at least. The
// bound leaves room for V8's heap, which grows as it likes.
const RSS_MIB = 80;

/** Does it once as a warm-up, then `times`, and compares. */
async function assertFlat(
  t: ExecutionContext,
  warmUp: number,
  times: number,
  once: (turn: number) => Promise<void> | void,
): Promise<void> {
  for (let turn = 0; turn < warmUp; turn++) await once(turn);
  const before = await settled();
  for (let turn = 0; turn < times; turn++) await once(warmUp + turn);
  const after = await settled();
  t.log(`before ${JSON.stringify(before)}, after ${JSON.stringify(after)}`);
  t.true(Math.abs(after.fds - before.fds) <= 2, 'file descriptors');
  t.true(after.mappings - before.mappings <= FEW_MAPPINGS, 'mappings');
  t.is(after.kvmFds, before.kvmFds, 'mappings of vCPUs');
  t.true(after.rssMiB - before.rssMiB <= RSS_MIB, 'resident memory');
}

test.serial('10,000 calls of a sandbox, crashes among them', async (t) => {
  const guest = await readyGuest(t, 'examples/crash');
  const functions = [
    'ok',
    'null_write',
    'ok',
    'divide',
    'ok',
    'abort_code',
    'ok',
    'execute_heap',
    'ok',
    'syscall',
  ];
  await assertFlat(t, 1000, 10_000, (turn) => {
    guest.call(functions[turn % functions.length] ?? 'ok');
  });
  t.is(guest.text('ok'), 'ok');
});

test.serial('10,000 calls of an engine', async (t) => {
  const engine = await startEngine(t, { workers: 2 });
  const echo = await engine.define('echo', { elf: guestPath('examples/echo') });
  const crash = await engine.define('crash', { elf: guestPath('examples/crash') });
  await assertFlat(t, 10, 100, async () => {
    const calls = Array.from({ length: 100 }, (_, i) =>
      i % 10 === 0 ? codeOf(crash.call('', { fn: 'null_write' })) : settle(echo.call(`${i}`)),
    );
    await Promise.all(calls);
  });
  t.is(await settle(echo.call('still')), 'still');
});

test.serial('500 sandboxes, each called and closed', async (t) => {
  const { descriptor, snapshot } = await readyGuest(t, 'examples/crash');
  const options = { maxExits: 100, maxLogBytes: 1000, verifyRestore: false };
  await assertFlat(t, 20, 500, (turn) => {
    const guest = newGuest(descriptor, snapshot, options);
    guest.call(turn % 3 === 0 ? 'stack_overflow' : 'ok');
    guest.close();
    guest.close();
  });
});

test.serial('200 sandboxes that nobody closes are freed with their objects', async (t) => {
  const { descriptor, snapshot } = await readyGuest(t, 'examples/crash');
  const options = { maxExits: 100, maxLogBytes: 1000, verifyRestore: false };
  await assertFlat(t, 10, 200, async (turn) => {
    newGuest(descriptor, snapshot, options).call('ok');
    if (turn % 10 !== 0) return;
    collect();
    await sleep(1);
  });
});

testWith(RING_0, '200 virtual machines rebuilt after a shutdown', async (t) => {
  const guest = await readyGuest(t, 'hostile/supervisor.supervisor');
  await assertFlat(t, 20, 200, () => {
    guest.call('triple');
  });
  t.is(guest.text('ok'), 'ok');
});

test.serial('200 snapshots built, initialised and frozen', async (t) => {
  await assertFlat(t, 10, 200, async () => {
    const teardowns: (() => unknown)[] = [];
    const scope = { teardown: (done: () => unknown) => teardowns.push(done) } as unknown as ExecutionContext;
    const guest = await readyGuest(scope, 'examples/echo');
    guest.call('echo', 'x');
    for (const done of teardowns.reverse()) done();
  });
});

test.serial('200 defined functions that fail to initialise', async (t) => {
  const engine = await startEngine(t, { workers: 1 });
  const source = { elf: guestPath('hostile/forge'), initData: Buffer.from('f') };
  await assertFlat(t, 20, 200, async () => {
    if ((await codeOf(engine.define('fails', source))) !== 'SNAPVM_GUEST_FAULT') t.fail();
  });
});

test.serial('20 engines, closed while their guests spin', async (t) => {
  await assertFlat(t, 4, 20, async () => {
    const engine = await startEngine(t, { workers: 2 });
    const crash = await engine.define('crash', { elf: guestPath('examples/crash') });
    const calls = [1, 2, 3].map(() => codeOf(crash.call('', { fn: 'loop_pages', timeoutMs: 60_000 })));
    await sleep(5);
    await engine.close();
    for (const code of await Promise.all(calls)) t.is(code, 'SNAPVM_ENGINE_CLOSED');
  });
});

test.serial('200 worker threads ended while their guests spin', async (t) => {
  const { descriptor } = await readyGuest(t, 'examples/crash');
  const file = new URL('../support/sandbox-spin.js', import.meta.url);
  const end = async (): Promise<void> => {
    const worker = new Worker(file, { workerData: { descriptor, backend: TEST_BACKEND } });
    const [interrupterId] = (await once(worker, 'message')) as [number];
    await sleep(2);
    addon().closeThread(interrupterId);
    await worker.terminate();
    // The thread is gone, and with it all it could be told.
    addon().closeThread(interrupterId);
    addon().interrupt(interrupterId, 1);
  };
  await assertFlat(t, 5, 100, async () => {
    await Promise.all([end(), end()]);
  });
});

test.serial('a sandbox whose snapshot was released is refused, and leaves nothing', async (t) => {
  const { sandbox, snapshot } = await coldGuest(t, 'examples/echo');
  t.is(sandbox.initialise(nextTicket(), PATIENT).kind, 'ready');
  const { descriptor } = snapshot;
  sandbox.close();
  snapshot.close();
  const options = { maxExits: 1, maxLogBytes: 1, verifyRestore: false };
  await assertFlat(t, 5, 200, () => {
    t.throws(() => newGuest(descriptor, snapshot, options), { code: 'SNAPVM_SNAPSHOT_CLOSED' });
  });
  t.throws(() => sandbox.initialise(nextTicket(), PATIENT), { code: 'SNAPVM_SANDBOX_STATE' });
});
