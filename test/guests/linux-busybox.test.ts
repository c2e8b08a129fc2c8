// Debian's busybox in a guest says, byte for byte, what the same file says on this machine's Linux.
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import test, { type ExecutionContext } from 'ava';
import { Engine, type LinuxHandle, type LinuxResult, SnapvmError } from '../../src/index.js';
import { BINARY, CASES, type Case, FILES } from '../support/busybox-cases.js';
import { FILE_CASES } from '../support/busybox-files.js';
import { onLinux, outcomeOf, PATIENT } from '../support/linux.js';
import { busybox } from '../support/linux-build.js';
import { UNDER_QEMU } from '../support/sandbox.js';
import { testWith } from '../support/test-with.js';

const ENVIRONMENT = { A: '1', HOME: '/home' };
const found = busybox();
let engine: Engine | undefined;
let handle: LinuxHandle | undefined;

test.before(async () => {
  if ('missing' in found) return;
  engine = await Engine.start({ workers: 1 });
  const files = Object.fromEntries(Object.entries(FILES).map(([name, value]) => [name, Buffer.from(value)]));
  const source = { linux: found.value, argv0: 'busybox', env: ENVIRONMENT, files };
  handle = await engine.define('busybox', source, { timeoutMs: 20_000 });
});
test.after.always(() => engine?.close());

function call(args: readonly string[], stdin: Uint8Array | string = ''): Promise<LinuxResult> {
  if (handle === undefined) throw new Error('busybox is not defined');
  return handle.call(stdin, { args });
}

function sortLines(text: string): string {
  return text
    .split(/(?<=[\n\0])/)
    .sort()
    .join('');
}

async function assertCase(t: ExecutionContext, path: string, { args, stdin, anyOrder }: Case): Promise<void> {
  const start = { args, stdin: stdin ?? '', argv0: 'busybox', env: ENVIRONMENT, files: FILES };
  const expected = onLinux(path, start);
  const result = await call(args, stdin);
  const got = outcomeOf(result);
  if (anyOrder) {
    t.deepEqual(
      { ...got, stdout: sortLines(got.stdout) },
      { ...expected, stdout: sortLines(expected.stdout) },
    );
  } else {
    t.deepEqual(got, expected);
  }
  t.deepEqual(result.unhandledSyscalls, []);
}

// Under emulation some of them: they differ in what busybox does, not in what the processor does for it.
const compared = [...CASES, ...FILE_CASES].filter((_, i) => !UNDER_QEMU || i % 8 === 0);
for (const one of compared) {
  testWith(found, `the same as on Linux: ${one.title}`, (t, path) => assertCase(t, path, one));
}

testWith(found, 'at least 45 applets are compared', (t) => {
  const applets = new Set([...CASES, ...FILE_CASES].map(({ args: [applet] }) => applet));
  t.true(applets.size >= 60, `${applets.size}`);
});

testWith(found, 'what gzip packs, gunzip unpacks', async (t) => {
  const packed = await call(['gzip', '-c'], BINARY);
  t.true(packed.stdout.length > 0 && packed.stdout.length < BINARY.length);
  t.deepEqual((await call(['gunzip'], packed.stdout)).stdout, BINARY);
});

testWith(found, 'what tar packs, tar unpacks', async (t) => {
  const packed = await call(['tar', 'cf', '-', '-C', '/data', 'binary', 'words']);
  t.is(packed.exitCode, 0);
  t.deepEqual((await call(['tar', 'xOf', '-', 'binary'], packed.stdout)).stdout, BINARY);
});

const FORKS: readonly (readonly [string, readonly string[]])[] = [
  ['a pipeline', ['sh', '-c', 'echo a | cat']],
  ['a command substitution', ['sh', '-c', 'x=$(echo a); echo "$x"']],
  ['a subshell', ['sh', '-c', '(echo a); echo b']],
  ['a command in the background', ['sh', '-c', 'sleep 1 & wait']],
  ['another program', ['sh', '-c', '/busybox sha256sum /data/words']],
  ['a pipe of awk', ['awk', 'BEGIN { print "a" | "cat" }']],
  ['find -exec', ['find', '/data/words', '-exec', 'cat', '{}', ';']],
  ['xargs', ['xargs', 'tar']],
  ['zcat, which unpacks in another process', ['zcat']],
  ['tar of a compressed archive', ['tar', 'czf', '/tmp/a.tgz', '/data/words']],
];
for (const [title, args] of FORKS) {
  testWith(found, `${title} gets the errno, and the result says why`, async (t) => {
    const result = await call(args, args[0] === 'zcat' ? gzipSync('packed') : 'a\n');
    t.true(
      result.unhandledSyscalls.some((name) => ['fork', 'vfork', 'clone', 'clone3', 'execve'].includes(name)),
      `${result.unhandledSyscalls}`,
    );
    t.regex(result.hint ?? '', /process|fork/);
    t.regex(Buffer.from(result.stderr).toString(), /Function not implemented|popen: Cannot allocate memory/);
  });
}

testWith(found, 'a program that forks nothing has no hint', async (t) => {
  const { hint } = await call(['true']);
  t.is(hint, undefined);
});

testWith(found, 'the program given as bytes is the same program', async (t, path) => {
  if (engine === undefined) throw new Error('no engine');
  const bytes = await engine.define(
    'bytes',
    {
      linux: new Uint8Array(readFileSync(path)),
      argv0: 'busybox',
      args: ['echo', 'a'],
    },
    PATIENT,
  );
  const result = await bytes.call();
  t.is(Buffer.from(result.stdout).toString(), 'a\n');
  await bytes.undefine();
});

testWith(found, 'the name a program is called by decides which applet it is', async (t, path) => {
  if (engine === undefined) throw new Error('no engine');
  const rev = await engine.define('rev', { linux: path, argv0: 'rev' }, PATIENT);
  t.is(Buffer.from((await rev.call('abc\n')).stdout).toString(), 'cba\n');
  await rev.undefine();
});

testWith(found, 'programs of one definition run at once, each with its own arguments', async (t) => {
  const results = await Promise.all(
    Array.from({ length: 100 }, (_, i) =>
      call(['sh', '-c', 'read x; echo "$0 $1 $x"', `${i}`, 'b'], `${i * 7}\n`),
    ),
  );
  for (const [i, result] of results.entries()) {
    t.is(Buffer.from(result.stdout).toString(), `${i} b ${i * 7}\n`);
  }
  t.false(results.some((result) => result instanceof SnapvmError));
});
