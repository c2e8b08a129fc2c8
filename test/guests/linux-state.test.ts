// Nothing of a Linux program survives its call: each of 50 calls in one worker looks for what the one before left.
import test, { type ExecutionContext } from 'ava';
import { Engine, type LinuxHandle } from '../../src/index.js';
import { codeOf } from '../support/engine.js';
import { type Outcome, outcomeOf, PATIENT } from '../support/linux.js';
import { ALL_KINDS, busybox, cProgram, type Found, type Kind } from '../support/linux-build.js';
import { scaled } from '../support/sandbox.js';
import { testWith } from '../support/test-with.js';

const CALLS = scaled(50, 4);
const FILES = { '/data/input': Buffer.from('the bytes of a file\n') };
const ENVIRONMENT = { FIRST: '1' };

let engine: Engine;
const handles = new Map<string, Promise<LinuxHandle>>();
test.before(async () => {
  engine = await Engine.start({ workers: 1 });
});
test.after.always(() => engine.close());

function defined(path: string): Promise<LinuxHandle> {
  const known = handles.get(path);
  if (known !== undefined) return known;
  const source = { linux: path, files: FILES, env: ENVIRONMENT };
  const handle = engine.define(`planted${handles.size}`, source, { timeoutMs: 20_000, clock: new Date(0) });
  handles.set(path, handle);
  return handle;
}

/** What each area prints in a first call, beside "no error" where an expression shows one. */
const AREAS: readonly (readonly [what: string, title: string, expected: RegExp])[] = [
  [
    'descriptor',
    'descriptors and their offsets',
    /F_GETFD\): -1 EBADF\n.*EBADF\n.*O_RDONLY\): 3\n[\s\S]*\nt\n$/,
  ],
  ['closed', 'closed and replaced standard streams', /^fcntl\(0, F_GETFD\): 0\n/],
  ['folder', 'the current folder', /^\/\n/],
  ['break', 'the program break', /^first == NULL: yes\n/],
  ['mapping', 'mappings', /^0x[0-9a-f]+\npage == place: yes\npage\[5\] == 0: yes\n/],
  ['handlers', 'signal handlers and the alternative stack', /SIG_DFL: yes\n[\s\S]*SS_DISABLE: yes\n/],
  ['mask', 'the signal mask and pending signals', /SIGUSR2\) == 0: yes\n[\s\S]*SIGUSR2\) == 0: yes\n/],
  ['file', 'files written, folders made, rights changed', /ENOENT\n.*ENOENT\n.*: 0\n20 100644\n/],
  ['removed', 'files removed', /^unlink\("\/data\/input"\): 0\nrmdir\("\/data"\): 0\n$/],
  ['umask', 'the umask', /^umask\(077\): 18\n$/],
  ['variables', 'variables, thread-local ones, and the heap', /^5 0 6 no heap\n$/],
  ['environment', 'the environment', /^nothing\nFIRST=1\n$/],
  ['arguments', 'the arguments', /^arguments\n$/],
  ['registers', 'the GS base and the control word of vector units', /^0 1f80\n$/],
];

function assertAlike(t: ExecutionContext, all: readonly Outcome[], expected: RegExp): void {
  for (const outcome of all) t.deepEqual(outcome, all[0]);
  t.regex(all[0]?.stdout ?? '', expected);
}

function planted(kind: Kind): Found<() => string> {
  return cProgram('planted', kind);
}

for (const kind of ALL_KINDS) {
  for (const [what, title, expected] of AREAS) {
    testWith(planted(kind), `no call leaves behind: ${title} (${kind})`, async (t, program) => {
      const handle = await defined(program());
      const all: Outcome[] = [];
      for (let call = 0; call < CALLS; call++) all.push(outcomeOf(await handle.call('', { args: [what] })));
      assertAlike(t, all, expected);
    });
  }
}

testWith(
  planted('glibc'),
  'no call leaves output behind, written or still in a buffer',
  async (t, program) => {
    const handle = await defined(program());
    for (let call = 0; call < CALLS; call++) {
      const outcome = outcomeOf(await handle.call('', { args: ['output'] }));
      t.deepEqual(outcome, { exitCode: 137, signal: 'SIGKILL', stdout: '', stderr: 'unread' });
      t.is(outcomeOf(await handle.call('', { args: ['umask'] })).stdout, 'umask(077): 18\n');
    }
  },
);

testWith(
  planted('glibc'),
  'areas one after another in any order leave each other nothing',
  async (t, program) => {
    const handle = await defined(program());
    const first = new Map<string, Outcome>();
    for (const [what] of AREAS) first.set(what, outcomeOf(await handle.call('', { args: [what] })));
    for (let call = 0; call < CALLS * 4; call++) {
      const what = AREAS[(call * 7 + (call >> 3)) % AREAS.length]?.[0] ?? '';
      t.deepEqual(outcomeOf(await handle.call('', { args: [what] })), first.get(what), what);
    }
  },
);

testWith(
  cProgram('readers', 'glibc'),
  "input a program did not read is not the next call's",
  async (t, program) => {
    const handle = await engine.define('unread', { linux: program() }, PATIENT);
    for (let call = 0; call < CALLS; call++) {
      t.is((await handle.call('left over', { args: ['never'] })).exitCode, 5);
      t.regex(
        outcomeOf(await handle.call('', { args: ['read'] })).stdout,
        /^started 1, a pipe\ngot: \nstarted 1\n$/,
      );
    }
  },
);

testWith(
  cProgram('readers', 'glibc'),
  'a call that was stopped leaves nothing to the next',
  async (t, program) => {
    const handle = await engine.define('stopped', { linux: program() }, PATIENT);
    for (let call = 0; call < scaled(10); call++) {
      const args = [call % 2 === 0 ? 'loop' : 'sleep'];
      t.is(await codeOf(handle.call('lost', { args, timeoutMs: 30 })), 'SNAPVM_CALL_TIMEOUT');
      t.is(await codeOf(handle.call('lost', { args: ['fault'] })), 'SNAPVM_GUEST_FAULT');
      const outcome = outcomeOf(await handle.call('found', { args: ['read'], timeoutMs: 10_000 }));
      t.is(outcome.stdout, 'started 1, a pipe\ngot: found\nstarted 1\n');
      t.is(outcome.stderr, 'to stderr\n');
    }
  },
);

testWith(busybox(), 'random bytes differ from call to call', async (t, path) => {
  const handle = await engine.define(
    'random',
    {
      linux: path,
      argv0: 'busybox',
      args: ['head', '-c', '32', '/dev/urandom'],
    },
    PATIENT,
  );
  const seen = new Set<string>();
  for (let call = 0; call < CALLS; call++) seen.add(outcomeOf(await handle.call()).stdout);
  t.is(seen.size, CALLS);
});
