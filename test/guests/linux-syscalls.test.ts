// Each area of Linux's system calls, by a C program that prints what it sees: the same in a guest as on Linux.
import test from 'ava';
import { Engine } from '../../src/index.js';
import { assertSame, inGuest, type Start } from '../support/linux.js';
import { ALL_KINDS, cProgram, cppProgram } from '../support/linux-build.js';
import { testWith } from '../support/test-with.js';

let engine: Engine;
test.before(async () => {
  engine = await Engine.start({ workers: 1 });
});
test.after.always(() => engine.close());

const INPUT = { '/data/input': 'the bytes of a file\n' };

const PROGRAMS: readonly (readonly [source: string, title: string, start: Start])[] = [
  ['memory-map', 'brk, mmap, munmap, mremap, mprotect and their errors', {}],
  ['memory-files', 'private and read-only mappings of files', { files: INPUT }],
  ['wiped', 'what MADV_WIPEONFORK takes and refuses', { files: INPUT }],
  ['memory-faults', 'pages that were revoked fault, and pages given back work', {}],
  [
    'files-open',
    'open flags, offsets, appending, truncating, unlinked files, vectors, devices',
    { files: INPUT },
  ],
  ['files-folders', 'folders, renames, links, loops, chdir and getcwd', { files: INPUT }],
  ['files-status', 'stat, umask, dup, fcntl, ioctl, access', { files: INPUT, stdin: 'some input' }],
  ['files-pipes', 'pipes, poll and select', { files: INPUT, stdin: 'some input' }],
  ['files-errors', 'a hundred wrong calls get the errno that Linux gives', { files: INPUT }],
  [
    'process',
    'arguments, environment, limits, names, random bytes, futex',
    { args: ['a', '', 'ö c'], env: { A: '1', B: '' } },
  ],
  ['signals', 'signals a program sends itself, masks and handlers', {}],
  ['signals-faults', 'exceptions as signals: siginfo, sigreturn, alternative stacks', {}],
  ['signals-abort', 'abort ends a program by SIGABRT', {}],
  ['signals-abort', 'abort after its handler returned', { args: ['handled'] }],
  ['signals-abort', 'SIGKILL ends a program at once', { args: ['killed'] }],
  ['signals-abort', 'a write to a pipe nobody reads ends a program by SIGPIPE', { args: ['pipe'] }],
  ['auxv', 'the auxiliary vector and the initial stack', {}],
  ['time', 'clocks and sleeping', {}],
  ['language', 'thread-local variables, floating point as text, streams, a deep stack', {}],
];

for (const [source, title, start] of PROGRAMS) {
  for (const kind of ALL_KINDS) {
    testWith(cProgram(source, kind), `${title} (${kind})`, async (t, program) => {
      const result = await assertSame(t, engine, program(), start);
      t.true(result.stdout.length > 0, 'it said something');
    });
  }
}

// Where a guest is told no, and by the errno that Linux has for it.
testWith(
  cProgram('memory-execute', 'glibc'),
  'memory is never written and then executed: EACCES',
  async (t, program) => {
    const result = await inGuest(engine, program());
    t.is(Buffer.from(result.stdout).toString(), 'mprotect: EACCES\n');
    t.is(result.exitCode, 1);
  },
);

testWith(
  cProgram('memory-shared', 'glibc'),
  'a shared, writable mapping of a file is refused: ENODEV',
  async (t, program) => {
    const result = await inGuest(engine, program());
    t.regex(Buffer.from(result.stdout).toString(), /MAP_SHARED, fd, 0\): ENODEV\n$/);
    t.is(result.exitCode, 1);
  },
);

for (const kind of ['glibc', 'static-PIE'] as const) {
  testWith(
    cppProgram('exceptions', kind),
    `C++ exceptions, iostreams and regular expressions (${kind})`,
    async (t, program) => {
      const stdin = 'several words and several more words\n';
      const result = await assertSame(t, engine, program(), { stdin });
      t.is(result.exitCode, 3);
    },
  );
  testWith(
    cppProgram('exceptions', kind),
    `a C++ exception that nobody catches (${kind})`,
    async (t, program) => {
      const result = await assertSame(t, engine, program(), { args: ['last'] });
      t.is(result.signal, 'SIGABRT');
    },
  );
}
