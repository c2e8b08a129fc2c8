// Linux programs leave nothing in the host process: descriptors, mappings and memory stay what they were.
import { readdirSync, readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { ExecutionContext } from 'ava';
import { codeOf, sleep, startEngine } from '../support/engine.js';
import { PATIENT, uniqueName } from '../support/linux.js';
import { busybox, cProgram } from '../support/linux-build.js';
import { scaled } from '../support/sandbox.js';
import { testWith } from '../support/test-with.js';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

async function usage(): Promise<{ fds: number; mappings: number; rssMiB: number }> {
  for (let turn = 0; turn < 5; turn++) {
    collect();
    await sleep(40);
  }
  const mappings = readFileSync('/proc/self/maps', 'utf8').split('\n').length;
  const rssMiB = Math.round(process.memoryUsage.rss() / 2 ** 20);
  return { fds: readdirSync('/proc/self/fd').length, mappings, rssMiB };
}

/** V8 and glibc take and give back memory as they like; what leaks in each of many calls comes to more than this. */
async function assertFlat(
  t: ExecutionContext,
  times: number,
  once: (turn: number) => Promise<void>,
): Promise<void> {
  for (let turn = 0; turn < Math.ceil(times / 5); turn++) await once(turn);
  const before = await usage();
  for (let turn = 0; turn < times; turn++) await once(turn);
  const after = await usage();
  t.log(`before ${JSON.stringify(before)}, after ${JSON.stringify(after)}`);
  t.true(after.fds - before.fds <= 2, 'file descriptors');
  t.true(after.mappings - before.mappings <= 150, 'mappings');
  t.true(after.rssMiB - before.rssMiB <= 80, 'resident memory');
}

testWith(busybox(), '1,000 calls that write files of 256 KiB', async (t, path) => {
  const engine = await startEngine(t, { workers: 1 });
  const args = ['dd', 'if=/dev/zero', 'of=/tmp/f', 'bs=65536', 'count=4', 'status=none'];
  const handle = await engine.define('dd', { linux: path, argv0: 'busybox', args }, PATIENT);
  await assertFlat(t, scaled(1000), async () => {
    t.is((await handle.call()).exitCode, 0);
  });
});

testWith(busybox(), '1,000 warm calls', async (t, path) => {
  const engine = await startEngine(t, { workers: 1 });
  const source = { linux: path, argv0: 'busybox', args: ['awk', '{ print NR $0 }'] };
  const handle = await engine.define('awk', source, { warm: 'stdin', ...PATIENT });
  await assertFlat(t, scaled(1000), async (turn) => {
    t.is(Buffer.from((await handle.call(`${turn}`)).stdout).toString(), `1${turn}\n`);
  });
});

testWith(busybox(), '100 definitions, each called and undefined', async (t, path) => {
  const engine = await startEngine(t, { workers: 1 });
  await assertFlat(t, scaled(100), async (turn) => {
    const warm = turn % 2 === 0 ? 'stdin' : false;
    const files = { '/f': new Uint8Array(1_000_000) };
    const handle = await engine.define(
      uniqueName(),
      { linux: path, argv0: 'busybox', args: ['cat'], files },
      { warm, ...PATIENT },
    );
    t.is((await handle.call('x')).exitCode, 0);
    await handle.undefine();
  });
});

testWith(
  cProgram('hostile', 'glibc'),
  '100 calls that take all memory, descriptors or files they can',
  async (t, program) => {
    const engine = await startEngine(t, { workers: 1 });
    const source = { linux: program(), env: { IN_A_GUEST: '1' } };
    const policy = { timeoutMs: 30_000, heapBytes: 32 * 2 ** 20 };
    const handle = await engine.define('hostile', source, policy);
    const kinds = ['memory', 'mappings', 'bytes', 'full-pipe'];
    await assertFlat(t, scaled(100), async (turn) => {
      await codeOf(handle.call('', { args: [kinds[turn % kinds.length] ?? ''] }));
    });
    t.is((await handle.call('', { args: ['loops'] })).exitCode, 0);
  },
);

testWith(cProgram('readers', 'glibc'), '300 calls that fault or are stopped', async (t, program) => {
  const engine = await startEngine(t, { workers: 1 });
  const handle = await engine.define('readers', { linux: program() }, PATIENT);
  await assertFlat(t, scaled(300), async (turn) => {
    const args = [['fault', 'sleep', 'loop'][turn % 3] ?? ''];
    t.not(await codeOf(handle.call('x', { args, timeoutMs: 5 })), 'no error');
  });
  t.is((await handle.call('', { args: ['never'] })).exitCode, 5);
});
