// What a process that runs guests has: as little as there can be.
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ExecutionContext } from 'ava';
import { addon } from '../../src/addon/addon.js';
import { Engine } from '../../src/index.js';
import { settle } from '../support/engine.js';
import { guestProcesses, guestRunners, PROCESSES, statusOf } from '../support/processes.js';
import { guestPath } from '../support/sandbox.js';
import { testWith } from '../support/test-with.js';

const ECHO = { elf: guestPath('examples/echo') };
const CRASH = { elf: guestPath('examples/crash') };
/** What native/process/layout.h keeps for the stub. */
const STUB: readonly [bigint, bigint] = [0x7e00_0000_0000n, 0x7e00_0002_0000n];
/** The user that owns nothing. */
const NOBODY = 65534;
/** The last address of a guest's stack: nothing of it lies above. */
const GUEST_END = 0x5fff_ffff_0000n;

async function process1(t: ExecutionContext): Promise<{ engine: Engine; pid: number }> {
  const engine = await Engine.start({ workers: 1, backend: 'process' });
  t.teardown(() => engine.close());
  const echo = await engine.define('echo', ECHO);
  t.is(await settle(echo.call('x')), 'x');
  const [pid] = guestRunners(process.pid);
  if (pid === undefined) throw new Error('there is no process');
  return { engine, pid };
}

testWith(PROCESSES, 'a process of a guest has no privileges and no way to get some', async (t) => {
  const { pid } = await process1(t);
  for (const set of ['CapInh', 'CapPrm', 'CapEff', 'CapAmb'])
    t.is(statusOf(pid, set), '0000000000000000', set);
  t.is(statusOf(pid, 'NoNewPrivs'), '1');
  t.is(statusOf(pid, 'Seccomp'), '2');
  t.is(statusOf(pid, 'Groups')?.trim(), '');
  const limits = readFileSync(`/proc/${pid}/limits`, 'latin1');
  for (const name of ['Max core file size', 'Max file size', 'Max processes', 'Max locked memory'])
    t.regex(limits, new RegExp(`^${name}\\s+0\\s+0 `, 'm'));
});

testWith(PROCESSES, 'it belongs to nobody if snapvm is root, and nobody may look into it', async (t) => {
  const { pid } = await process1(t);
  if (!addon().processCapabilities().nobody) return void t.pass('this system does not allow it');
  for (const set of ['Uid', 'Gid']) t.is(statusOf(pid, set), Array(4).fill(NOBODY).join('\t'), set);
  // The kernel gives the files of a process that is not dumpable to root.
  t.is(statSync(`/proc/${pid}/environ`).uid, 0);
});

testWith(PROCESSES, 'it has the namespaces that the system allows', async (t) => {
  const { pid } = await process1(t);
  const { userNamespace, namespaces } = addon().processCapabilities();
  const own = (kind: string): boolean =>
    readlinkSync(`/proc/${pid}/ns/${kind}`) !== readlinkSync(`/proc/self/ns/${kind}`);
  for (const kind of ['pid', 'net', 'mnt', 'ipc', 'uts', 'cgroup']) t.is(own(kind), namespaces, kind);
  t.is(own('user'), userNamespace);
  if (!namespaces) t.log('this system allows none');
});

testWith(PROCESSES, 'its descriptors are its socket, its memory and the images of its guest', async (t) => {
  const { pid } = await process1(t);
  const targets = readdirSync(`/proc/${pid}/fd`).map((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`));
  for (const target of targets)
    t.regex(target, /^(socket:\[\d+\]|\/memfd:snapvm-(guest|image) \(deleted\))$/);
  t.is(targets.filter((target) => target.startsWith('socket:')).length, 1);
});

testWith(PROCESSES, 'no two have a socket in common, nor one with the zygote', async (t) => {
  const engine = await Engine.start({ workers: 1, backend: 'process' });
  t.teardown(() => engine.close());
  for (const name of ['a', 'b', 'c']) {
    const handle = await engine.define(name, ECHO);
    await handle.call('x');
  }
  const socketsOf = (pid: number): string[] =>
    readdirSync(`/proc/${pid}/fd`)
      .map((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`))
      .filter((target) => target.startsWith('socket:'));
  const sockets = guestProcesses(process.pid).flatMap(socketsOf);
  t.true(guestRunners(process.pid).length >= 3);
  t.is(new Set(sockets).size, sockets.length);
});

testWith(
  PROCESSES,
  'nothing is mapped but the guest and the stub, and nothing both writable and executable',
  async (t) => {
    const { pid } = await process1(t);
    const maps = readFileSync(`/proc/${pid}/maps`, 'latin1').trimEnd().split('\n');
    for (const line of maps) {
      const [, first, end, rights = ''] = /^([\da-f]+)-([\da-f]+) (\S+) /.exec(line) ?? [];
      const [from, to] = [BigInt(`0x${first}`), BigInt(`0x${end}`)];
      t.true(to <= GUEST_END || (from >= STUB[0] && to <= STUB[1]) || line.endsWith('[vsyscall]'), line);
      t.false(rights.includes('w') && rights.includes('x'), line);
      if (!line.endsWith('[vsyscall]')) t.regex(line, /memfd:snapvm-(guest|image|stub|process)/);
    }
  },
);

testWith(PROCESSES, 'a supervisor guest is refused by its name', async (t) => {
  const engine = await Engine.start({ workers: 1, backend: 'process' });
  t.teardown(() => engine.close());
  const source = { elf: guestPath('examples/echo.supervisor'), privilege: 'supervisor' } as const;
  await t.throwsAsync(engine.define('ring zero', source), {
    code: 'SNAPVM_HOST_BACKEND',
    message: /^function "ring zero" is a supervisor guest/,
  });
  t.is(engine.backend, 'process');
});

testWith(
  PROCESSES,
  'whoever listens for children of this process hears nothing of the calls of guests',
  async (t) => {
    let heard = 0;
    const listener = (): void => void heard++;
    process.on('SIGCHLD', listener);
    t.teardown(() => process.off('SIGCHLD', listener));
    const { engine } = await process1(t);
    const echo = engine.get('echo');
    for (let i = 0; i < 200; i++) await echo?.call('x');
    heard = 0;
    for (let i = 0; i < 500; i++) t.is(await settle((await engine.define('echo', ECHO)).call('x')), 'x');
    await sleep(20);
    t.true(heard < 100, `${heard} signals in 500 calls`);
    const child = spawn('true');
    await new Promise((resolve) => child.once('exit', resolve));
    await sleep(20);
    t.true(heard >= 1, 'and the end of a child is heard');
  },
);

testWith(PROCESSES, 'neither a thread nor a process is held to one processor for long', async (t) => {
  const engine = await Engine.start({ workers: 2, backend: 'process' });
  t.teardown(() => engine.close());
  const crash = await engine.define('crash', CRASH);
  const allowed = statusOf(process.pid, 'Cpus_allowed');
  const spinning = [1, 2].map(() => settle(crash.call('', { fn: 'loop', timeoutMs: 500 })));
  await sleep(200);
  for (const pid of guestRunners(process.pid)) t.is(statusOf(pid, 'Cpus_allowed'), allowed, `process ${pid}`);
  await Promise.all(spinning);
  await sleep(50);
  for (const task of readdirSync('/proc/self/task'))
    t.is(statusOf(Number(task), 'Cpus_allowed'), allowed, `thread ${task}`);
});
