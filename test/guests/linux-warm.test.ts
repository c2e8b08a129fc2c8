// warm: 'stdin': a program that was frozen at its first read answers every input as one that began anew on Linux.
import test, { type ExecutionContext } from 'ava';
import type { ErrorCode } from '../../src/base/errors.js';
import { Engine, type LinuxHandle, SnapvmError } from '../../src/index.js';
import { codeOf } from '../support/engine.js';
import { onLinux, outcomeOf, type Start, uniqueName } from '../support/linux.js';
import { ALL_KINDS, busybox, cProgram, lua, quickjs, TWO_KINDS } from '../support/linux-build.js';
import * as scripts from '../support/linux-scripts.js';
import { scaled, seeded, UNDER_QEMU } from '../support/sandbox.js';
import { testWith } from '../support/test-with.js';

let engine: Engine;
test.before(async () => {
  engine = await Engine.start({ workers: 2 });
});
test.after.always(() => engine.close());

type Handle = LinuxHandle;
const INPUTS: readonly string[] = [
  '',
  'one\n',
  'no newline',
  'several\nlines\n\nof text\n',
  `${'x'.repeat(90)}\n`.repeat(UNDER_QEMU ? 20 : 200),
];

function defineWarm(path: string, { args, argv0, env, files }: Start, policy: object = {}): Promise<Handle> {
  const source = {
    linux: path,
    ...(args !== undefined && { args }),
    ...(env !== undefined && { env }),
    argv0: argv0 ?? path.replace(/.*\//, ''),
    ...(files !== undefined && {
      files: Object.fromEntries(Object.entries(files).map(([name, value]) => [name, Buffer.from(value)])),
    }),
  };
  return engine.define(uniqueName(), source, { warm: 'stdin', timeoutMs: 20_000, ...policy });
}

/** Every input gets what a program that began anew on Linux answers to it, in whatever order they come. */
async function assertAsOnLinux(t: ExecutionContext, path: string, start: Start): Promise<Handle> {
  const handle = await defineWarm(path, start);
  const expected = INPUTS.map((stdin) => onLinux(path, { ...start, stdin }));
  for (const index of [0, 3, 1, 4, 2, 2, 0, 4, 1, 3]) {
    t.deepEqual(outcomeOf(await handle.call(INPUTS[index])), expected[index]);
  }
  return handle;
}

const AWK =
  'BEGIN { print "ready"; for (i = 0; i < 1000; i++) t[i] = i * i } { n += length($0); print NR ": " t[NF] } END { print n }';
const SHELL =
  'echo ready; n=0; while read -r a b; do n=$((n + 1)); echo "$n [$a] [$b]"; done; echo "end $n"; exit 3';

testWith(busybox(), 'awk', (t, path) => assertAsOnLinux(t, path, { argv0: 'busybox', args: ['awk', AWK] }));
testWith(busybox(), 'a shell that reads lines', (t, path) =>
  assertAsOnLinux(t, path, { argv0: 'busybox', args: ['sh', '-c', SHELL], env: { HOME: '/' } }),
);
testWith(busybox(), 'sed, sort and sha256sum', async (t, path) => {
  for (const args of [['sed', 's/e/E/g'], ['sort', '-r'], ['sha256sum']]) {
    await assertAsOnLinux(t, path, { argv0: 'busybox', args });
  }
});
testWith(lua(), 'Lua, its tables built', (t, program) =>
  assertAsOnLinux(t, program(), { args: ['/s.lua'], files: { '/s.lua': scripts.LUA_LINES } }),
);
for (const kind of TWO_KINDS) {
  testWith(quickjs(kind), `QuickJS, its module evaluated (${kind})`, (t, program) =>
    assertAsOnLinux(t, program(), { args: ['-m', '/s.js'], files: { '/s.js': scripts.QUICKJS_LINES } }),
  );
}
for (const kind of ALL_KINDS) {
  for (const how of ['read', 'readv', 'poll', 'select', 'dup', 'dup2', 'fcntl', 'getline']) {
    testWith(
      cProgram('readers', kind),
      `${how} of standard input counts as reading it (${kind})`,
      async (t, program) => {
        const handle = await assertAsOnLinux(t, program(), { args: [how] });
        const { stdout, stderr, exitCode } = outcomeOf(await handle.call('input'));
        t.regex(stdout, /^started 1, a pipe\n/, 'what came before the first read is part of the answer');
        t.is(stderr, 'to stderr\n');
        t.is(exitCode, 4);
      },
    );
  }
}

async function refused(
  t: ExecutionContext,
  definition: Promise<unknown>,
  code: ErrorCode,
  words: RegExp,
): Promise<void> {
  const error = await t.throwsAsync(definition, { instanceOf: SnapvmError });
  t.is(error.code, code, error.message);
  t.regex(error.message, words);
}

testWith(
  cProgram('readers', 'glibc'),
  'a program that ends without reading is refused when it is defined',
  async (t, program) => {
    await refused(
      t,
      defineWarm(program(), { args: ['never'] }),
      'SNAPVM_LINUX_NO_READ',
      /standard input|read/,
    );
  },
);

testWith(busybox(), 'so is one that reads only a file', async (t, path) => {
  const start = { argv0: 'busybox', args: ['cat', '/f'], files: { '/f': 'x' } };
  await refused(t, defineWarm(path, start), 'SNAPVM_LINUX_NO_READ', /read/);
});

testWith(
  cProgram('readers', 'glibc'),
  'one that faults, never ends or sleeps before it reads fails by that',
  async (t, program) => {
    t.is(await codeOf(defineWarm(program(), { args: ['fault'] })), 'SNAPVM_GUEST_FAULT');
    for (const how of ['loop', 'sleep']) {
      t.is(
        await codeOf(defineWarm(program(), { args: [how] }, { initTimeoutMs: 100 })),
        'SNAPVM_CALL_TIMEOUT',
      );
    }
  },
);

testWith(busybox(), 'arguments per call are refused', async (t, path) => {
  const handle = await defineWarm(path, { argv0: 'busybox', args: ['cat'] });
  await refused(t, handle.call('x', { args: ['a'] }), 'SNAPVM_CONFIG_VALUE', /args/);
  t.is(outcomeOf(await handle.call('x')).stdout, 'x');
});

testWith(busybox(), 'output before the first read counts towards outputBytes', async (t, path) => {
  const args = [
    'sh',
    '-c',
    'i=0; while [ $i -lt 100 ]; do echo 1234567; i=$((i+1)); done; read x; echo "$x"',
  ];
  const handle = await defineWarm(path, { argv0: 'busybox', args }, { outputBytes: 1000 });
  t.is((await handle.call('a\n')).stdout.length, 802);
  t.is(await codeOf(handle.call(`${'x'.repeat(300)}\n`)), 'SNAPVM_GUEST_LIMIT');
  t.is((await handle.call('a\n')).stdout.length, 802);
});

testWith(
  cProgram('readers', 'glibc'),
  'random bytes drawn after the first read differ from call to call',
  async (t, program) => {
    const handle = await defineWarm(program(), { args: ['random'] });
    const seen = new Set<string>();
    for (let call = 0; call < 50; call++) seen.add(outcomeOf(await handle.call('x')).stdout);
    t.is(seen.size, 50);
  },
);

testWith(
  busybox(),
  'files written, variables set and folders changed by a call are gone in the next',
  async (t, path) => {
    const source =
      'v=1; cd /tmp; read x; echo "$v $PWD"; [ -e /tmp/f ] && echo left; echo "$x" > /tmp/f; v=2; cd /; umask 0; exec 5</tmp/f; read y; echo "$y"';
    const handle = await defineWarm(path, { argv0: 'busybox', args: ['sh', '-c', source] });
    for (let call = 0; call < scaled(50, 4); call++) {
      t.is(outcomeOf(await handle.call(`${call}\nsecond ${call}\n`)).stdout, `1 /tmp\nsecond ${call}\n`);
    }
  },
);

testWith(
  lua(),
  '2,000 calls from fresh state, inputs in random order, on two workers',
  async (t, program) => {
    const random = seeded(7);
    const handle = await defineWarm(program(), { args: ['/s.lua'], files: { '/s.lua': scripts.LUA_LINES } });
    const words = ['a', 'bb', 'ccc', '', 'word '.repeat(50)];
    const count = scaled(2000);
    const calls = Array.from({ length: count }, () => {
      const lines = Array.from(
        { length: Math.floor(random() * 6) },
        () => words[Math.floor(random() * words.length)] ?? '',
      );
      return { lines, answer: undefined as unknown };
    });
    let right = 0;
    for (let start = 0; start < count; start += 20) {
      await Promise.all(
        calls.slice(start, start + 20).map(async ({ lines }) => {
          const { stdout } = outcomeOf(await handle.call(lines.map((line) => `${line}\n`).join('')));
          const answers = lines.map(
            (line, i) => `${i + 1}\t${line.toUpperCase()}\t${(line.length + 1) ** 2}\n`,
          );
          if (stdout === `ready\t1000\n${answers.join('')}end\t${lines.length}\n`) right++;
          else t.log(lines, stdout);
        }),
      );
    }
    t.is(right, count);
  },
);

testWith(
  cProgram('readers', 'glibc'),
  'calls that are stopped, fault or overflow leave the next what it should find',
  async (t, program) => {
    const handle = await defineWarm(program(), { args: ['read'] }, { outputBytes: 2000 });
    for (let call = 0; call < scaled(30, 3); call++) {
      t.is(await codeOf(handle.call('x'.repeat(5000))), 'SNAPVM_GUEST_LIMIT');
      t.is(outcomeOf(await handle.call(`${call}`)).stdout, `started 1, a pipe\ngot: ${call}\nstarted 1\n`);
    }
  },
);
