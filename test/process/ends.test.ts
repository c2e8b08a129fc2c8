// The processes of the process backend: they end with their engine, their worker and their parent, whatever happens,
// and one that is killed from outside costs its call and nothing else.
import { setTimeout as sleep } from 'node:timers/promises';
import type { ExecutionContext } from 'ava';
import { Engine, type FunctionHandle } from '../../src/index.js';
import { codeOf, eventually, runChild, settle, terminateThread } from '../support/engine.js';
import {
  busyRunner,
  guestProcesses,
  guestRunners,
  isAlive,
  isRunning,
  PROCESSES,
} from '../support/processes.js';
import { guestPath } from '../support/sandbox.js';
import { testWith } from '../support/test-with.js';

const CRASH = { elf: guestPath('examples/crash') };
const SPIN = { fn: 'loop', timeoutMs: 60_000 } as const;

async function start(t: ExecutionContext, workers = 1): Promise<{ engine: Engine; crash: FunctionHandle }> {
  const engine = await Engine.start({ workers, backend: 'process' });
  t.teardown(() => engine.close());
  return { engine, crash: await engine.define('crash', CRASH) };
}

for (const signal of ['SIGKILL', 'SIGTERM'] as const) {
  testWith(PROCESSES, `no process of a guest survives its parent by ${signal}`, async (t) => {
    const source = `
const engine = await Engine.start({ workers: 2, backend: 'process' });
const crash = await engine.define('crash', ${JSON.stringify(CRASH)});
for (let i = 0; i < 2; i++) crash.call('', ${JSON.stringify(SPIN)}).catch(() => {});
process.stdout.write('now\\n');
await new Promise(() => {});`;
    let pids: number[] = [];
    const child = await runChild(source, (pid) => {
      // However long it takes until both workers have one that can run guests.
      void eventually(() => guestRunners(pid).length >= 2).then(() => {
        pids = guestProcesses(pid);
        process.kill(pid, signal);
      });
    });
    t.is(child.signal, signal);
    t.true(pids.length >= 4, `a zygote and a guest for each of two workers, but ${pids}`);
    t.true(await eventually(() => !pids.some(isAlive), 10), `${pids.filter(isAlive)} live on`);
  });
}

testWith(PROCESSES, 'closing an engine ends its processes, also in the middle of calls', async (t) => {
  const { engine, crash } = await start(t, 2);
  const lost = [codeOf(crash.call('', SPIN)), codeOf(crash.call('', SPIN))];
  await busyRunner();
  const pids = guestProcesses(process.pid);
  await engine.close();
  t.deepEqual(await Promise.all(lost), ['SNAPVM_ENGINE_CLOSED', 'SNAPVM_ENGINE_CLOSED']);
  t.true(await eventually(() => !pids.some(isAlive), 10), `${pids.filter(isAlive)} live on`);
});

testWith(PROCESSES, 'a worker that is ended takes its processes along', async (t) => {
  const { engine, crash } = await start(t);
  const lost = codeOf(crash.call('', SPIN));
  await busyRunner();
  const pids = guestProcesses(process.pid);
  const [thread = 0] = engine.threadIds;
  await terminateThread(thread);
  t.is(await lost, 'SNAPVM_ENGINE_WORKER_LOST');
  t.true(await eventually(() => !pids.some(isAlive), 10), `${pids.filter(isAlive)} live on`);
  t.is(await settle(crash.call('', { fn: 'ok' })), 'ok');
});

testWith(PROCESSES, 'a process that is killed costs its call, and the next one has another', async (t) => {
  const { crash } = await start(t);
  for (let turn = 0; turn < 10; turn++) {
    const lost = crash.call('', SPIN);
    lost.catch(() => {});
    const pid = await busyRunner();
    process.kill(pid, 'SIGKILL');
    const error = await t.throwsAsync(lost, { code: 'SNAPVM_GUEST_UNSUPPORTED' });
    t.regex(error?.message ?? '', /lost its process, which was killed by signal 9/);
    t.is(await settle(crash.call('', { fn: 'ok' })), 'ok');
  }
});

testWith(PROCESSES, 'processes that are killed while nothing runs in them are replaced', async (t) => {
  const { crash } = await start(t);
  for (let turn = 0; turn < 10; turn++) {
    t.is(await settle(crash.call('', { fn: 'ok' })), 'ok');
    // Every second time the zygote too, and so all of them.
    const victims = turn % 2 === 0 ? guestRunners(process.pid) : guestProcesses(process.pid);
    for (const pid of victims) process.kill(pid, 'SIGKILL');
    await sleep(20);
    // Found when it is wanted, before the guest has begun: so the call is not lost.
    t.is(await settle(crash.call('', { fn: 'ok' })), 'ok', `turn ${turn}`);
  }
});

testWith(PROCESSES, 'signals sent to a process from outside change nothing', async (t) => {
  const { crash } = await start(t);
  const spinning = codeOf(crash.call('', { fn: 'loop', timeoutMs: 1500 }));
  const pid = await busyRunner();
  for (const signal of [
    'SIGTERM',
    'SIGSEGV',
    'SIGTRAP',
    'SIGUSR1',
    'SIGSTOP',
    'SIGSYS',
    'SIGALRM',
  ] as const) {
    process.kill(pid, signal);
    await sleep(20);
  }
  t.true(isRunning(pid));
  t.is(await spinning, 'SNAPVM_CALL_TIMEOUT');
  t.is(await settle(crash.call('', { fn: 'ok' })), 'ok');
});
