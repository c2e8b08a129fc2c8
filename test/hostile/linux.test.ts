// Linux programs that mean harm: each call ends, by an answer or a typed error, and the next call is right.
import { randomInt } from 'node:crypto';
import test, { type ExecutionContext } from 'ava';
import { Engine, type LinuxHandle } from '../../src/index.js';
import { codeOf } from '../support/engine.js';
import { outcomeOf } from '../support/linux.js';
import { cProgram, TWO_KINDS } from '../support/linux-build.js';
import { scaled, UNDER_QEMU } from '../support/sandbox.js';
import { testWith } from '../support/test-with.js';

const PROGRAM_FILES = { '/data/input': Buffer.from('the bytes of a file\n') };
/** What a hostile program may come to. Anything else would be a fault of the engine's. */
const TYPED =
  /^(no error|SNAPVM_GUEST_(FAULT|LIMIT|PROTOCOL|UNSUPPORTED|SHUTDOWN)|SNAPVM_CALL_(TIMEOUT|CPU)|SNAPVM_LINUX_STUCK)$/;
/** From a limit of half a second, whatever one system call asks for. */
const PROMPT_MS = UNDER_QEMU ? 60_000 : 4000;
const RSS_MIB = 400;

let engine: Engine;
let rssBefore = 0;
test.before(async () => {
  engine = await Engine.start({ workers: 1 });
  rssBefore = process.memoryUsage.rss();
});
test.after.always(() => engine.close());

type Handle = LinuxHandle;

async function defineHostile(name: string, program: string): Promise<Handle> {
  const source = { linux: program, files: PROGRAM_FILES, env: { IN_A_GUEST: '1' } };
  return await engine.define(name, source, { timeoutMs: 30_000, outputBytes: 2 ** 20 });
}

/** The worker still has the right state, and the process did not grow without bound. */
async function assertHealthy(t: ExecutionContext, handle: Handle): Promise<void> {
  const outcome = outcomeOf(await handle.call('', { args: ['overlapping'] }));
  t.is(outcome.exitCode, 0);
  t.regex(outcome.stdout, /^write.*: 10\n.*: 0\nreadv.*: 10\n/);
  t.true(process.memoryUsage.rss() - rssBefore < RSS_MIB * 2 ** 20, 'resident memory is bounded');
}

async function attack(
  t: ExecutionContext,
  handle: Handle,
  args: readonly string[],
  timeoutMs = 30_000,
): Promise<string> {
  const code = await codeOf(handle.call('some input', { args, timeoutMs }));
  t.regex(code, TYPED, args.join(' '));
  return code;
}

for (const kind of TWO_KINDS) {
  testWith(
    cProgram('fuzz', kind),
    `random arguments to every system call; the program goes on (${kind})`,
    async (t, program) => {
      const handle = await defineHostile(`fuzz-${kind}`, program());
      const first = randomInt(1, 2 ** 31);
      t.log(`seeds from ${first}`);
      for (let turn = 0; turn < scaled(20, 2); turn++) {
        const seed = turn < 5 ? turn + 1 : first + turn;
        const result = await handle.call('some input', { args: [`${seed}`, '4000', 'gentle'] });
        t.is(result.exitCode, 0, `seed ${seed}`);
        t.regex(outcomeOf(result).stdout, /failed <= made: yes\nthe end\n$/, `seed ${seed}`);
      }
    },
  );

  testWith(
    cProgram('fuzz', kind),
    `random arguments, to what ends or blocks a program too (${kind})`,
    async (t, program) => {
      const handle = await defineHostile(`wild-${kind}`, program());
      const first = randomInt(1, 2 ** 31);
      t.log(`seeds from ${first}`);
      for (let turn = 0; turn < scaled(200, 5); turn++) {
        const seed = turn < 50 ? turn + 1 : first + turn;
        await attack(t, handle, [`${seed}`, '500', 'wild'], 150);
      }
      const last = await handle.call('', { args: ['1', '500', 'gentle'] });
      t.is(last.exitCode, 0);
    },
  );
}

const hostile = cProgram('hostile', 'glibc');
let shared: Promise<Handle> | undefined;
function defined(program: () => string): Promise<Handle> {
  shared ??= defineHostile('hostile', program());
  return shared;
}

const ENDING: readonly (readonly [what: string, title: string, expected: RegExp])[] = [
  ['lengths', 'lengths up to 2^63', /the end\n$/],
  ['tree', 'a deep tree and very many files', /the end\n$/],
  ['listing', 'a folder of 20,000 files', /: yes\nthe end\n$/],
  [
    'descriptors',
    'a million opens',
    /errno == EMFILE: yes\npipe\(ends\): -1 EMFILE\ndup\(0\): -1 EMFILE\nthe end\n$/,
  ],
  ['memory', 'all memory there is', /errno == ENOMEM: yes\nthe end\n$/],
  ['mappings', 'very many mappings', /the end\n$/],
  ['bytes', 'a file without end', /: yes\nE(NOSPC|NOMEM|FBIG|DQUOT)\nthe end\n$/],
  ['loops', 'links in circles', /ELOOP\n.*ELOOP\n.*ELOOP\nthe end\n$/],
];
for (const [what, title, expected] of ENDING) {
  testWith(hostile, `${title}: errors of Linux, and an end`, async (t, program) => {
    const handle = await defined(program);
    for (let turn = 0; turn < 3; turn++) {
      const result = await handle.call('', { args: [what] });
      const { stdout, exitCode } = outcomeOf(result);
      t.regex(stdout, expected);
      t.notRegex(stdout, /: no\n/);
      t.is(exitCode, 0);
    }
    await assertHealthy(t, handle);
  });
}

for (const what of ['empty-pipe', 'full-pipe', 'poll', 'vectors', 'endless-fault']) {
  testWith(hostile, `${what}: it never ends by itself, and is ended in time`, async (t, program) => {
    const handle = await defined(program);
    const since = performance.now();
    await attack(t, handle, [what], 500);
    t.true(performance.now() - since < PROMPT_MS);
    await assertHealthy(t, handle);
  });
}

testWith(hostile, 'a signal frame made up by the program', async (t, program) => {
  const handle = await defined(program);
  t.not(await attack(t, handle, ['sigreturn'], 1000), 'SNAPVM_GUEST_SHUTDOWN');
  await assertHealthy(t, handle);
});

const STACKS = ['0', '1', '8', '0x1001', '0x7fffffffffff', '0x800000000000', '0xffff800000000000'];
for (const stack of [
  ...STACKS,
  '0xffffffff80000000',
  '0xffffffffffffffff',
  '0x580100000000',
  '0xfffffffffffff000',
]) {
  testWith(hostile, `a signal delivered on a stack at ${stack}`, async (t, program) => {
    const handle = await defined(program);
    t.not(await attack(t, handle, ['stack', stack], 500), 'SNAPVM_GUEST_SHUTDOWN');
    await assertHealthy(t, handle);
  });
}

testWith(
  cProgram('ports', 'glibc'),
  'ports written past the system-call stub, with wild registers',
  async (t, program) => {
    const handle = await engine.define('ports', { linux: program() }, { timeoutMs: 2000 });
    const returns = [
      '0',
      '1',
      '0x800000000000',
      '0xffffffff80000000',
      '0xffffffffffffffff',
      '0x7ffffffff000',
    ];
    for (const port of [
      0, 99, 100, 101, 102, 103, 107, 108, 109, 110, 111, 128, 141, 142, 255, 256, 0xcf8, 65_535,
    ]) {
      await attack(t, handle, [`${port}`]);
      await attack(t, handle, [`${port}`, 'string']);
      await attack(t, handle, [`${port}`, 'wide']);
      if (port < 99 || port > 110) continue;
      for (const rcx of returns)
        for (const rax of ['0', '231', '60', '15', '-1']) await attack(t, handle, [`${port}`, rcx, rax]);
    }
    t.is(await codeOf(handle.call('', { args: [] })), 'no error');
  },
);
