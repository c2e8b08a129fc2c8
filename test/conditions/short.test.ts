// What the system has too little of: a clear error each time, no spin, no leak, and it goes on when the limit is lifted.
import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import type { ExecutionContext } from 'ava';
import type { Backend } from '../../src/base/backend-name.js';
import {
  Application,
  type ApplicationOptions,
  BACKENDS_HERE,
  COMPILER,
  complaints,
  failures,
  openToOthers,
  type Round,
  USER,
} from '../support/conditions.js';
import { controlGroups } from '../support/control-group.js';
import type { Pause } from '../support/exercise.js';
import type { Found } from '../support/linux-build.js';
import { testWith } from '../support/test-with.js';

/** Whether limits of other processes can be set. */
const PRLIMIT: Found<true> =
  spawnSync('prlimit', ['--version']).status === 0
    ? COMPILER
    : { missing: 'needs prlimit (Debian: util-linux)' };
const MIB = 2 ** 20;

/** A round under each amount, from a pause of it on, and one without a limit before and after. */
interface Shortage {
  readonly amounts: readonly (readonly [at: Pause, amount: number])[];
  /** Of every error. */
  readonly says: RegExp;
  /** Of an esbuild that was started and then lacked it: one without room for its threads ends, and does not say why. */
  readonly endsEsbuild?: RegExp;
  allow(pid: number, amount: number): void;
  lift(pid: number): void;
}

async function goThrough(t: ExecutionContext, application: Application, shortage: Shortage): Promise<void> {
  const { amounts } = shortage;
  const before = await application.round();
  t.deepEqual([complaints(before), failures(before)], [[], []], 'before');
  for (const [at, amount] of amounts) {
    const under = await application.round({ pauses: [at] }, (_at, pid) => shortage.allow(pid, amount));
    shortage.lift(application.pid);
    checkUnder(t, `${amount} at ${at}`, under, shortage);
  }
  const after = await application.round();
  t.deepEqual([complaints(after), failures(after)], [[], []], 'after');
  t.deepEqual(after.descriptors, before.descriptors, 'descriptors');
  t.is(after.children, 0);
}

type Says = Pick<Shortage, 'says' | 'endsEsbuild'>;

function checkUnder(t: ExecutionContext, title: string, round: Round, { says, endsEsbuild }: Says): void {
  t.deepEqual(complaints(round), [], title);
  t.is(round.children, 0, title);
  for (const { name, outcome, message } of round.steps) {
    if (outcome === 'ok') continue;
    if (name === 'define js' && outcome === 'SNAPVM_JS_BUNDLE' && endsEsbuild?.test(message)) continue;
    t.is(outcome, 'SNAPVM_HOST_MEMORY', `${title}: ${name}: ${message}`);
    t.regex(message, says, `${title}: ${name}`);
  }
}

async function start(t: ExecutionContext, options: ApplicationOptions): Promise<Application> {
  const application = await Application.start(options);
  t.teardown(() => application.kill());
  return application;
}

/** Of a process of another user as that user: root need not have the right. */
function setLimit(pid: number, limit: string, value: number | 'unlimited', user?: number): void {
  const as = user === undefined ? {} : { uid: user, gid: user };
  execFileSync('prlimit', ['--pid', String(pid), `--${limit}=${value}:`], as);
}

function openFiles(pid: number): number {
  return readdirSync(`/proc/${pid}/fd`).length;
}

function addresses(pid: number): number {
  return Number(/^VmSize:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024;
}

const FILES: Pick<Shortage, 'says' | 'allow' | 'lift'> = {
  says: /ulimit -n/,
  allow: (pid, amount) => setLimit(pid, 'nofile', openFiles(pid) + amount),
  lift: (pid) => setLimit(pid, 'nofile', 1000),
};

function testOn(
  backend: Backend,
  needs: Found<true>,
  title: string,
  body: (t: ExecutionContext, backend: Backend) => Promise<void>,
): void {
  testWith(needs, `short on ${backend}: ${title}`, (t) => body(t, backend));
}

/** Has no descriptor left when esbuild is first needed, and then some. */
const NO_DESCRIPTOR = `
const { closeSync, openSync } = await import('node:fs');
const { withEsbuild } = await import(${JSON.stringify(import.meta.resolve('../../src/guests/js/esbuild-service.js'))});
const use = () => withEsbuild(({ transform }) => transform('1'), { bytes: 2 ** 30, ms: 60_000 }).then(() => 'ok', ({ code, message }) => code + ' ' + message);
const open = [];
try {
  for (;;) open.push(openSync('/dev/null'));
} catch {}
const short = await use();
for (const descriptor of open) closeSync(descriptor);
console.log(short + '\\n' + await use());
`;

// Whoever looks for a module then is told that there is none.
testWith(PRLIMIT, 'short: no descriptor to load esbuild with', (t) => {
  const command = [process.execPath, '--input-type=module', '--eval', NO_DESCRIPTOR];
  const said = execFileSync('prlimit', ['--nofile=200', ...command], { encoding: 'utf8' });
  t.regex(said, /^SNAPVM_HOST_MEMORY .*ulimit -n\)\nok\n$/);
});

for (const backend of BACKENDS_HERE) {
  testOn(backend, PRLIMIT, 'files (ulimit -n)', async (t) => {
    const application = await start(t, { backend });
    await goThrough(t, application, {
      ...FILES,
      amounts: [
        ['start', 0],
        ['start', 5],
        ['start', 12],
        ['define', 0],
        ['define', 7],
        ['define', 22],
        ['call', 5],
      ],
    });
    await application.end();
  });

  // The first JavaScript function starts a process, which asks for descriptors of its own.
  testOn(backend, PRLIMIT, 'files when esbuild is to be started', async (t) => {
    const application = await start(t, { backend });
    for (const amount of [0, 1, 2, 4, 12]) {
      const under = await application.round({ pauses: ['define'] }, (_at, pid) => FILES.allow(pid, amount));
      FILES.lift(application.pid);
      checkUnder(t, `${amount}`, under, FILES);
      t.true(under.steps.some(({ name, outcome }) => name === 'define js' && outcome !== 'ok'));
    }
    t.deepEqual(failures(await application.round()), []);
    await application.end();
  });

  testOn(backend, PRLIMIT, 'addresses (ulimit -v)', async (t) => {
    const application = await start(t, { backend });
    // With less than some 100 MiB V8 itself finds no room and ends the process: docs/backends.md.
    const limits = {
      says: /ulimit -v/,
      allow: (pid: number, mib: number) => setLimit(pid, 'as', addresses(pid) + mib * MIB),
      lift: (pid: number) => setLimit(pid, 'as', 'unlimited'),
    };
    const amounts = [
      ['start', 100],
      ['start', 700],
      ['call', 60],
    ] as const;
    await goThrough(t, application, { ...limits, amounts });
    await application.end();
  });

  testOn(backend, PRLIMIT, 'places in the queue of signals (ulimit -i)', async (t) => {
    const application = await start(t, { backend });
    const limits = {
      says: /^no worker|timer_create failed.*ulimit -i/,
      allow: (pid: number, amount: number) => setLimit(pid, 'sigpending', amount),
      lift: (pid: number) => setLimit(pid, 'sigpending', 10_000),
    };
    await goThrough(t, application, {
      ...limits,
      amounts: [
        ['start', 0],
        ['call', 0],
      ],
    });
    await application.end();
  });

  testOn(backend, PRLIMIT, 'locked memory (ulimit -l), which nothing needs', async (t) => {
    const application = await start(t, { backend });
    setLimit(application.pid, 'memlock', 0);
    t.deepEqual(failures(await application.round()), []);
    await application.end();
  });

  testOn(backend, PRLIMIT, 'file sizes (ulimit -f)', async (t) => {
    const application = await start(t, { backend });
    setLimit(application.pid, 'fsize', 0);
    const under = await application.round();
    checkUnder(t, 'of none', under, { says: /ulimit -f/ });
    t.true(under.steps.some(({ outcome }) => outcome !== 'ok'));
    setLimit(application.pid, 'fsize', 'unlimited');
    t.deepEqual(failures(await application.round()), []);
    await application.end();
  });

  const otherUsers = 'value' in PRLIMIT ? openToOthers(backend) : PRLIMIT;
  testOn(backend, otherUsers, 'processes of a user (ulimit -u)', async (t) => {
    const application = await start(t, { backend, conditions: [`user=${USER}`] });
    await goThrough(t, application, {
      amounts: [['define', 1]],
      says: /ulimit -u/,
      endsEsbuild: /room for its threads/,
      allow: (pid, amount) => setLimit(pid, 'nproc', amount, USER),
      lift: (pid) => setLimit(pid, 'nproc', 10_000, USER),
    });
    await application.end();
  });

  const pids = controlGroups('pids');
  testWith(pids, `short on ${backend}: tasks of the control group`, async (t, makeGroup) => {
    const group = makeGroup();
    const application = await start(t, { backend });
    group.add(application.pid);
    const limits = {
      says: /pids limit of the control group/,
      endsEsbuild: /room for its threads/,
      allow: (_pid: number, amount: number) => group.allow(amount),
      lift: () => group.lift(),
    };
    const amounts = [
      ['start', 0],
      ['start', 1],
      ['start', 3],
      ['define', 0],
      ['define', 2],
      ['call', 1],
      // Less than there are, so that the end of the workers leaves no room either.
      ['loss', -8],
    ] as const;
    await goThrough(t, application, { ...limits, amounts });
    await application.end();
    await group.remove();
  });

  testWith(pids, `short on ${backend}: tasks when esbuild is to be started`, async (t, makeGroup) => {
    const group = makeGroup();
    const application = await start(t, { backend });
    group.add(application.pid);
    for (const amount of [0, 4]) {
      const under = await application.round({ pauses: ['define'] }, () => group.allow(amount));
      group.lift();
      t.deepEqual(complaints(under), []);
      const js = under.steps.find(({ name }) => name === 'define js');
      // One that is there, and has no room for its threads, does not say so to whoever asks it.
      t.regex(js?.message ?? '', amount === 0 ? /ulimit -u/ : /ulimit -u|room for its threads/, js?.outcome);
    }
    t.deepEqual(failures(await application.round()), []);
    await application.end();
    await group.remove();
  });
}

const memory = controlGroups('memory');
if (BACKENDS_HERE.includes('process')) {
  // In a virtual machine a guest's memory is that of the Node process, which the system ends then: docs/backends.md.
  testWith(
    memory,
    'short on process: memory of the control group ends a call, not the application',
    async (t, makeGroup) => {
      const group = makeGroup();
      const application = await start(t, { backend: 'process' });
      group.add(application.pid);
      const under = await application.round({ pauses: ['call'], eatMiB: 400 }, () => group.allow(150 * MIB));
      group.lift();
      t.deepEqual(complaints(under), []);
      const eaten = under.steps.find(({ name }) => name === 'eat');
      // Where there is swap it may come to its end.
      t.true(['SNAPVM_GUEST_UNSUPPORTED', 'ok'].includes(eaten?.outcome ?? ''), eaten?.message);
      if (eaten?.outcome !== 'ok')
        t.regex(eaten?.message ?? '', /killed by signal 9.*memory runs out|memory that the host/);
      t.deepEqual(failures({ ...under, steps: under.steps.filter(({ name }) => name !== 'eat') }), []);
      t.deepEqual(failures(await application.round({ eatMiB: 400 })), []);
      await application.end();
      await group.remove();
    },
  );
}
