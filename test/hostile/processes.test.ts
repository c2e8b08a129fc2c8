// The process backend under attack: guests that use up what the host has, and somebody who kills or wakes the
// processes of guests. Each call ends, and the next one is right.
import { spawn, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ExecutionContext } from 'ava';
import { Engine, type EngineOptions, type FunctionHandle, type LinuxHandle } from '../../src/index.js';
import { codeOf, eventually, runChild, settle } from '../support/engine.js';
import { cProgram, type Found } from '../support/linux-build.js';
import {
  busyRunner,
  childrenOf,
  guestProcesses,
  guestRunners,
  isAlive,
  PROCESSES,
} from '../support/processes.js';
import { guestPath, seeded } from '../support/sandbox.js';
import { testWith } from '../support/test-with.js';

const CRASH = { elf: guestPath('examples/crash') };
const ECHO = { elf: guestPath('examples/echo') };
const COUNTER = { elf: guestPath('examples/counter') };
const LINUX = guestPath('conformance/linux');
const SPIN = { fn: 'loop', timeoutMs: 60_000 } as const;
/** What a call may come to whose process somebody else kills. */
const KILLED = /^SNAPVM_(GUEST_UNSUPPORTED|HOST_PROCESS|CALL_TIMEOUT)$/;

async function start(t: ExecutionContext, options: EngineOptions = {}): Promise<Engine> {
  const engine = await Engine.start({ workers: 1, ...options, backend: 'process' });
  t.teardown(() => engine.close());
  return engine;
}

/** Both, or what is missing. */
function both<A, B>(a: Found<A>, b: Found<B>): Found<B> {
  return 'missing' in a ? a : b;
}

// ---- More mappings than the kernel allows a process ----

const MOST_MAPPINGS = Number(readFileSync('/proc/sys/vm/max_map_count', 'latin1'));
const pieces = both(
  PROCESSES,
  MOST_MAPPINGS <= 100_000
    ? cProgram('pieces', 'glibc')
    : { missing: `vm.max_map_count is ${MOST_MAPPINGS}: filling it would take too long` },
);
/** The holes need two pages each, and the program some more. */
const HEAP_BYTES = MOST_MAPPINGS * 2 * 4096 + (16 << 20);
/** Less than the writes that follow the holes need, more than the process has mapped beside them. */
const SPARE = 40;

async function definePieces(t: ExecutionContext, program: () => string): Promise<LinuxHandle> {
  const engine = await start(t);
  const policy = { heapBytes: HEAP_BYTES, timeoutMs: 60_000, maxExits: 1_000_000 };
  return await engine.define('pieces', { linux: program() }, policy);
}

async function foundBy(handle: LinuxHandle, ...args: readonly string[]): Promise<string> {
  return Buffer.from((await handle.call('', { args })).stdout).toString();
}

// With 63 calls before it, the restore behind the one that fails is the one that learns the dirty pages anew.
for (const before of [0, 63]) {
  testWith(
    pieces,
    `a program that splits its memory into too many pieces fails, after ${before} calls; the next find nothing`,
    async (t, program) => {
      const handle = await definePieces(t, program);
      for (let call = 0; call < before; call++) t.is(await foundBy(handle, 'write'), 'found 0 0\n');
      const args = ['split', `${MOST_MAPPINGS - SPARE}`];
      t.is(await codeOf(handle.call('', { args })), 'SNAPVM_HOST_MEMORY');
      for (const what of ['write', 'read', 'spread', 'write', 'spread', 'read'])
        t.is(await foundBy(handle, what), 'found 0 0\n', what);
    },
  );
}

testWith(pieces, 'a call that just fits in is no harm to the next one', async (t, program) => {
  const handle = await definePieces(t, program);
  const mappings = (): number =>
    Math.max(
      ...guestRunners(process.pid).map(
        (pid) =>
          readFileSync(`/proc/${pid}/maps`, 'latin1')
            .split('\n')
            .filter((line) => line !== '' && !line.endsWith('[vsyscall]')).length,
      ),
    );
  t.is(await foundBy(handle, 'shut', '10'), 'found 0 0\n');
  const holes = MOST_MAPPINGS - (mappings() - 10) - 4;
  t.is(await foundBy(handle, 'shut', `${holes}`), 'found 0 0\n');
  t.true(mappings() >= MOST_MAPPINGS - 10, `${mappings()} of ${MOST_MAPPINGS}`);
  for (const what of ['read', 'spread', 'write', 'read'])
    t.is(await foundBy(handle, what), 'found 0 0\n', what);
});

// ---- Killed from outside ----

interface Three {
  readonly engine: Engine;
  /** One of each function: they answer the input, "ok" and "1". */
  calls(input: string): Promise<Uint8Array>[];
  /** Every function answers as itself. */
  check(what: string): Promise<void>;
}

async function three(t: ExecutionContext): Promise<Three> {
  const engine = await start(t);
  const [echo, crash, counter] = [
    await engine.define('echo', ECHO),
    await engine.define('crash', CRASH),
    await engine.define('counter', COUNTER),
  ];
  const calls = (input: string): Promise<Uint8Array>[] => [
    echo.call(input),
    crash.call('', { fn: 'ok' }),
    counter.call('', { fn: 'count' }),
  ];
  const check = async (what: string): Promise<void> => {
    t.deepEqual(await Promise.all(calls(what).map(settle)), [what, 'ok', '1'], what);
  };
  return { engine, calls, check };
}

/** The guest memory that processes hold: each belongs to one of them. */
function assertOwnMemory(t: ExecutionContext): void {
  const owners = new Map<number, number>();
  for (const pid of guestRunners(process.pid).filter(isAlive)) {
    for (const fd of readdirSync(`/proc/${pid}/fd`)) {
      const path = `/proc/${pid}/fd/${fd}`;
      if (!readlinkSync(path).includes('snapvm-guest')) continue;
      const { ino } = statSync(path);
      t.is(owners.get(ino) ?? pid, pid, `the memory of process ${owners.get(ino)} is also of ${pid}`);
      owners.set(ino, pid);
    }
  }
  t.is(owners.size, 3, 'one for each function');
}

testWith(PROCESSES, 'after all processes but the zygote are killed each function is itself', async (t) => {
  const { engine, check } = await three(t);
  await check('before');
  for (let turn = 0; turn < 10; turn++) {
    // Kept processes that nobody uses, beside those of the three functions.
    for (let i = 0; i < 2; i++) {
      const other = await engine.define(`other ${i}`, ECHO);
      t.is(await settle(other.call('x')), 'x');
      await other.undefine();
    }
    for (const pid of guestRunners(process.pid)) process.kill(pid, 'SIGKILL');
    await check(`turn ${turn}`);
    assertOwnMemory(t);
  }
});

// A process that dies between being sent descriptors and taking them leaves them in the socket
// that they have until they have settled.
testWith(PROCESSES, 'processes killed while they are made get nothing of each other', async (t) => {
  const { calls, check } = await three(t);
  await check('before');
  const [zygote = 0] = guestProcesses(process.pid);
  const random = seeded(20261127);
  for (let turn = 0; turn < 40; turn++) {
    for (const pid of guestRunners(process.pid)) process.kill(pid, 'SIGKILL');
    const ending = Promise.all(calls('x').map(codeOf));
    // This thread does nothing else meanwhile; that of the guests makes processes.
    for (const end = performance.now() + 5; performance.now() < end; ) {
      const pause = performance.now() + random();
      while (performance.now() < pause);
      for (const pid of childrenOf(zygote)) kill(pid);
    }
    for (const [i, code] of (await ending).entries()) if (code !== ['x', 'ok', '1'][i]) t.regex(code, KILLED);
    await check(`turn ${turn}`);
    assertOwnMemory(t);
  }
});

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // it has ended
  }
}

testWith(PROCESSES, 'the zygote is killed while several functions are resident: all answer', async (t) => {
  const { engine, check } = await three(t);
  for (let turn = 0; turn < 5; turn++) {
    await check(`turn ${turn}`);
    t.is(engine.stats().residents.sandboxes, 3);
    const runners = guestRunners(process.pid);
    const [zygote = 0] = guestProcesses(process.pid);
    process.kill(zygote, 'SIGKILL');
    // They die with it, but not in the same moment, and a call that has begun by then is lost.
    t.true(await eventually(() => !runners.some(isAlive)));
    await check(`after turn ${turn}`);
    assertOwnMemory(t);
  }
  const [zygote = 0] = guestProcesses(process.pid);
  process.kill(zygote, 'SIGKILL');
  await engine.close();
  t.deepEqual(guestProcesses(process.pid).filter(isAlive), []);
});

for (const [how, ending] of [
  ['engine.close()', 'await engine.close();'],
  ['process.exit()', 'process.exit(0);'],
] as const) {
  testWith(PROCESSES, `${how} does not wait for a zygote that was killed`, async (t) => {
    const source = `
const engine = await Engine.start({ workers: 2, backend: 'process' });
const sources = ${JSON.stringify([ECHO, CRASH, COUNTER])};
for (const [i, source] of sources.entries()) await engine.define('f' + i, source);
for (let i = 0; i < 20; i++) await Promise.all([1, 2].map(() => engine.get('f0').call('x')));
engine.get('f1').call('', ${JSON.stringify(SPIN)}).catch(() => {});
await new Promise((resolve) => setTimeout(resolve, 100));
const told = new Promise((resolve) => process.once('SIGUSR2', resolve));
const alive = setInterval(() => {}, 1000);
process.stdout.write('now\\n');
await told;
clearInterval(alive);
${ending}`;
    let pids: number[] = [];
    const child = await runChild(source, (pid) => {
      pids = guestProcesses(pid);
      const zygotes = childrenOf(pid).filter((one) => pids.includes(one));
      t.is(zygotes.length, 2);
      for (const zygote of zygotes) process.kill(zygote, 'SIGKILL');
      process.kill(pid, 'SIGUSR2');
    });
    t.is(child.stderr, '');
    t.deepEqual([child.code, child.signal], [0, null]);
    t.true(await eventually(() => !pids.some(isAlive), 10), `${pids.filter(isAlive)} live on`);
  });
}

testWith(
  PROCESSES,
  'a spinning guest that is told to go on all the time is stopped all the same',
  async (t) => {
    const engine = await start(t);
    const crash = await engine.define('crash', CRASH);
    for (let turn = 0; turn < 4; turn++) {
      // Long enough to be seen on a busy machine.
      const spinning = codeOf(crash.call('', { fn: 'loop', timeoutMs: 3000 }));
      const pid = await busyRunner();
      // Far more often than every millisecond: the moment that matters is short.
      const flood = spawn('sh', ['-c', `while kill -CONT ${pid}; do :; done`], { stdio: 'ignore' });
      const ended = new Promise((resolve) => flood.once('exit', resolve));
      t.is(await spinning, 'SNAPVM_CALL_TIMEOUT', `turn ${turn}`);
      t.is(await settle(crash.call('', { fn: 'ok' })), 'ok');
      flood.kill('SIGKILL');
      await ended;
    }
  },
);

testWith(
  PROCESSES,
  'killed in the middle of system calls and of faults: an end, and the next is right',
  async (t) => {
    const engine = await start(t);
    const linux = await engine.define('linux', { linux: LINUX }, { maxExits: 0xffff_ffff, timeoutMs: 500 });
    const crash = await engine.define('crash', CRASH, { timeoutMs: 500, maxExits: 0xffff_ffff });
    const random = seeded(20261128);
    let lost = 0;
    for (let turn = 0; turn < 30; turn++) {
      const calls = turn % 2 === 0;
      const ending = codeOf(
        calls ? linux.call('', { args: ['calls'] }) : crash.call('', { fn: 'loop_pages' }),
      );
      await sleep(random() * 20);
      for (const pid of guestRunners(process.pid)) process.kill(pid, 'SIGKILL');
      const code = await ending;
      t.regex(code, KILLED, `turn ${turn}`);
      if (code === 'SNAPVM_GUEST_UNSUPPORTED') lost++;
      t.is(await settle(crash.call('', { fn: 'ok', timeoutMs: 60_000 })), 'ok', `turn ${turn}`);
      const { stdout } = await linux.call('', { args: ['brk'], timeoutMs: 60_000 });
      t.regex(Buffer.from(stdout).toString(), /^grown: 1\nzero: 1\nwritten: 1\n/, `turn ${turn}`);
    }
    t.true(lost > 0, 'some were killed while they ran');
  },
);

// ---- What the embedding process has ----

const FEW_FILES = `
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
const engine = await Engine.start({ workers: 1, backend: 'process' });
const files = () => readdirSync('/proc/self/fd').length;
const first = await engine.define('first', { elf: ELF });
await first.call('x');
const before = files();
const second = await engine.define('second', { elf: ELF });
await second.call('x');
const each = files() - before;
const limit = files() + 6 * each;
const { status } = spawnSync('prlimit', ['--pid', process.pid, '--nofile=' + limit + ':' + limit]);
const names = [];
const failures = new Set();
let failed = 0;
for (let i = 0; i < 30; i++) {
  try {
    const handle = await engine.define('f' + i, { elf: ELF });
    names.push('f' + i);
    const answer = Buffer.from(await handle.call('input ' + i)).toString();
    if (answer !== 'input ' + i) throw new Error('f' + i + ' answered ' + answer);
  } catch (error) {
    failed++;
    failures.add(error.code ?? error.stack);
  }
}
for (const name of names) await engine.get(name)?.undefine();
const answers = [];
for (let i = 0; i < 3; i++) {
  const handle = await engine.define('again' + i, { elf: ELF });
  answers.push(Buffer.from(await handle.call('again ' + i)).toString());
}
answers.push(Buffer.from(await first.call('first')).toString());
console.log(JSON.stringify({ status, defined: names.length, failed, failures: [...failures], answers }));
await engine.close();`;

const prlimit: Found<true> =
  spawnSync('prlimit', ['--version']).status === 0
    ? { value: true }
    : { missing: 'needs prlimit (Debian: util-linux)' };

testWith(
  both(PROCESSES, prlimit),
  'sandboxes without descriptors fail, and work when others are gone',
  async (t) => {
    const child = await runChild(FEW_FILES.replaceAll('ELF', JSON.stringify(ECHO.elf)));
    t.is(child.stderr, '');
    t.deepEqual([child.code, child.signal], [0, null]);
    const { status, defined, failed, failures, answers } = JSON.parse(child.stdout);
    t.is(status, 0);
    t.true(defined >= 3 && failed >= 3, `${defined} defined, ${failed} failed`);
    t.deepEqual(failures, ['SNAPVM_HOST_MEMORY']);
    t.deepEqual(answers, ['again 0', 'again 1', 'again 2', 'first']);
  },
);

function openFiles(): readonly string[] {
  const { stdout } = spawnSync('ls', ['-l', '/proc/self/fd'], { encoding: 'utf8' });
  return stdout
    .split('\n')
    .filter((line) => line.includes(' -> '))
    .map((line) => line.replace(/^.* (\d+ -> )/, '$1').replace(/\d+\/fd$|\[\d+\]$/, '…'));
}

testWith(PROCESSES, 'a program that is started while there are sandboxes has nothing of them', async (t) => {
  const before = openFiles();
  const { engine, check } = await three(t);
  const processors = `${availableParallelism()}`;
  for (let turn = 0; turn < 10; turn++) {
    await check(`turn ${turn}`);
    const spinning = codeOf(engine.get('crash')?.call('', { ...SPIN, timeoutMs: 30 }) ?? Promise.reject());
    t.deepEqual(openFiles(), before);
    t.is(spawnSync('nproc', { encoding: 'utf8' }).stdout.trim(), processors);
    t.is(await spinning, 'SNAPVM_CALL_TIMEOUT');
  }
});

const MANY = 300;
const [, mostFiles = '0'] =
  /^Max open files\s+(\d+|unlimited) /m.exec(readFileSync('/proc/self/limits', 'latin1')) ?? [];
const files: Found<true> =
  mostFiles === 'unlimited' || Number(mostFiles) >= 4096
    ? { value: true }
    : { missing: `needs 4096 descriptors, and this process may have ${mostFiles}` };

testWith(both(PROCESSES, files), `${MANY} functions in one worker have a process each`, async (t) => {
  const engine = await start(t, { residentBytes: 2 ** 40 });
  const handles: FunctionHandle[] = [];
  for (let i = 0; i < MANY; i++) {
    const handle = await engine.define(`f${i}`, ECHO);
    t.is(await settle(handle.call(`first ${i}`)), `first ${i}`);
    handles.push(handle);
  }
  t.is(engine.stats().residents.sandboxes, MANY);
  for (const [i, handle] of handles.entries()) t.is(await settle(handle.call(`again ${i}`)), `again ${i}`);
  const pids = guestProcesses(process.pid);
  t.true(pids.length > MANY, `${pids.length} processes`);
  await engine.close();
  t.true(await eventually(() => !pids.some(isAlive), 10), `${pids.filter(isAlive)} live on`);
});
