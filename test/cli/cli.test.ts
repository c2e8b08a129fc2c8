/** The command line as a user meets it: help, mistakes and `run`. One after the other, as some tests take time. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { CRASH, ECHO, EXAMPLES, failsWith, json, onTerminal, snapvm } from '../support/cli.js';
import { RING_0 } from '../support/ring-0.js';
import { TEST_BACKEND } from '../support/sandbox.js';
import { testWith } from '../support/test-with.js';

const PACKAGE = fileURLToPath(new URL('../../../package.json', import.meta.url));
const FOLDER = mkdtempSync(join(tmpdir(), 'snapvm-cli-'));
const TEXT_FILE = join(FOLDER, 'text.txt');
const BINARY = randomBytes(3000);
const BINARY_FILE = join(FOLDER, 'binary');
writeFileSync(TEXT_FILE, 'from a file');
writeFileSync(BINARY_FILE, BINARY);
test.after.always(() => rmSync(FOLDER, { recursive: true }));

const COMMANDS = [
  'run',
  'exec',
  'js',
  'inspect',
  'serve',
  'deploy',
  'call',
  'list',
  'rollback',
  'remove',
  'token',
  'mcp',
  'doctor',
  'demo',
  'bench',
];

// ---- help, version and mistakes in the command line ----

test.serial('--help explains the program and every command, in words that fit a terminal', async (t) => {
  for (const args of [['--help'], ['-h'], ['help']]) {
    const { code, stdout, stderr } = await snapvm(args);
    t.is(code, 0);
    t.is(stderr, '');
    for (const command of COMMANDS) t.regex(stdout.toString(), new RegExp(`^  ${command} `, 'm'));
  }
  for (const command of COMMANDS) {
    const { code, stdout } = await snapvm([command, '--help']);
    t.is(code, 0);
    t.regex(stdout.toString(), new RegExp(`^  snapvm ${command} .*\\[options\\]`, 'm'));
    t.regex(stdout.toString(), /^Exit codes:$/m);
    // What mcp prints is a protocol.
    if (command !== 'mcp') t.regex(stdout.toString(), /^ {2}--json /m);
    for (const line of stdout.toString().split('\n')) t.true(line.length <= 110, line);
    t.deepEqual((await snapvm(['help', command])).stdout, stdout);
  }
});

test.serial('--version prints the version of the package', async (t) => {
  const { version } = JSON.parse(readFileSync(PACKAGE, 'utf8')) as { version: string };
  for (const args of [['--version'], ['run', '--version']]) {
    t.like(await snapvm(args), { code: 0, stdout: Buffer.from(`${version}\n`) });
  }
});

test.serial('without a command the help goes to stderr', async (t) => {
  const { code, stdout, stderr } = await snapvm([]);
  t.is(code, 2);
  t.is(stdout.length, 0);
  t.regex(stderr, /^Usage:$/m);
});

test.serial('an unknown command or option is refused with the closest one', async (t) => {
  await failsWith(t, ['rnu'], 2, 'no command "rnu"', 'did you mean "run"?', 'snapvm --help');
  await failsWith(t, ['constructor'], 2, 'no command', 'run, exec, js, inspect, serve, deploy');
  await failsWith(t, ['--jso'], 2, 'no option "--jso"');
  await failsWith(t, ['run', ECHO, '--tiemout-ms', '5'], 2, '"--timeout-ms"', 'snapvm run --help');
  await failsWith(t, ['inspect', ECHO, '--memory-hsah'], 2, '"--memory-hash"', 'snapvm inspect --help');
  await failsWith(t, ['doctor', '--toString'], 2, 'no option "--toString"');
  await failsWith(t, ['demo', '-x'], 2, 'no option "-x"');
});

test.serial('missing, surplus and malformed values are refused by name', async (t) => {
  await failsWith(t, ['run'], 2, 'needs <guest.elf>');
  await failsWith(t, ['run', ECHO, 'more'], 2, '"more"');
  await failsWith(t, ['doctor', 'more'], 2, 'no argument', '"more"');
  await failsWith(t, ['run', ECHO, '--fn'], 2, '--fn needs a value');
  await failsWith(t, ['run', ECHO, '--fn', '--json'], 2, '--fn needs a value', '--fn=--json');
  await failsWith(t, ['run', ECHO, '--json=1'], 2, '--json is a switch');
  await failsWith(t, ['run', ECHO, '--timeout-ms', 'soon'], 2, '--timeout-ms is "soon"');
  await failsWith(t, ['run', ECHO, '--timeout-ms', '-5'], 2, '--timeout-ms is "-5"');
  await failsWith(t, ['run', ECHO, '--timeout-ms', '0'], 2, '--timeout-ms is 0', 'above 0');
  await failsWith(t, ['run', ECHO, '--heap-bytes', '12q'], 2, '--heap-bytes is "12q"', '64k');
  await failsWith(t, ['run', ECHO, '--input-bytes', '5'], 2, '--input-bytes is 5', '0x2000');
  await failsWith(t, ['run', ECHO, '--log-level', 'loud'], 2, '--log-level', 'debug');
  await failsWith(t, ['run', ECHO, '--input', '@'], 2, '--input');
  for (const [command = '', ...rest] of [
    ['run', ECHO],
    ['exec', ECHO],
    ['js', ECHO],
    ['demo'],
    ['bench', 'density'],
  ])
    await failsWith(t, [command, '--backend', 'kmv', ...rest], 2, '--backend is "kmv"', 'auto, kvm, process');
  await failsWith(t, ['run', ECHO, '--input', '-', '--init-data', '-'], 2, 'stdin');
  await failsWith(t, ['demo', '--calls', '1.5'], 2, '--calls is 1.5');
  await failsWith(t, ['inspect', ECHO, '--supervisor', '--stack-bytes', '64k'], 2, '--scratch-bytes');
});

// ---- run ----

test.serial('run prints what the function answers, byte for byte', async (t) => {
  const answers = async (args: readonly string[], expected: Uint8Array | string, stdin?: Uint8Array) => {
    const { code, stdout, stderr } = await snapvm(['run', ...args], stdin && { stdin });
    t.is(code, 0, stderr);
    t.is(stderr, '');
    t.deepEqual(stdout, Buffer.from(expected));
  };
  await answers([ECHO, '--input', 'héllo'], 'héllo');
  await answers([ECHO, '--input=--json'], '--json');
  await answers([ECHO], '');
  await answers([ECHO, '--input', ''], '');
  await answers([ECHO, '--input', `@${TEXT_FILE}`], 'from a file');
  await answers([ECHO, '--input', `@${BINARY_FILE}`], BINARY);
  await answers([ECHO, '--input', '-'], BINARY, BINARY);
  await answers([ECHO, '--input', '-'], '', new Uint8Array());
  await answers([ECHO, '--fn', 'reverse', '--input', '-'], Buffer.from(BINARY).reverse(), BINARY);
  await answers(['--fn', 'reverse', ECHO, '--input', 'abc'], 'cba');
  await answers([ECHO, '--cold', '--verify-restore', '--input', 'x', '--heap-bytes', '1m'], 'x');
});

const SUPERVISOR = ['run', join(EXAMPLES, 'echo.supervisor.elf'), '--supervisor', '--input', 'ring 0'];

testWith(RING_0, 'run --supervisor runs a guest in ring 0', async (t) => {
  t.is((await snapvm(SUPERVISOR)).stdout.toString(), 'ring 0');
});

test.serial('run --backend says what runs the guest, and what that cannot run is refused', async (t) => {
  const chosen = await snapvm(['run', ECHO, '--input', 'x', '--backend', TEST_BACKEND], {
    env: { SNAPVM_BACKEND: 'no such thing' },
  });
  t.like(chosen, { code: 0, stderr: '' });
  t.is(chosen.stdout.toString(), 'x');
  const refused = await snapvm(['run', ECHO], { env: { SNAPVM_BACKEND: 'no such thing' } });
  t.is(refused.code, 2);
  t.regex(refused.stderr, /^snapvm: SNAPVM_BACKEND is "no such thing"; [^\n]+\n$/);
  await failsWith(t, [...SUPERVISOR, '--backend', 'process'], 3, 'SNAPVM_HOST_BACKEND', 'ring 0');
});

test.serial('an output larger than a pipe is not cut off', async (t) => {
  const input = randomBytes(1 << 20);
  const sizes = ['--input-bytes', '2m', '--output-bytes', '0x200000'];
  const { code, stdout } = await snapvm(['run', ECHO, '--input', '-', ...sizes], { stdin: input });
  t.is(code, 0);
  t.true(stdout.equals(input));
});

test.serial('an answer cannot command a terminal, and goes through a pipe byte for byte', async (t) => {
  const input = '\x1b]0;title\x07 one\r\ntwo\rthree \u202etxt\u2069\x7f\x9b';
  t.is((await snapvm(['run', ECHO, '--input', input])).stdout.toString(), input);
  const shown = onTerminal(['run', ECHO, '--input', input], {});
  if (shown === null) return t.log('left out: there is no script(1) to make a terminal');
  // The terminal makes CR LF of each LF.
  const expected = '\\u001b]0;title\\u0007 one\ntwo\\u000dthree \\u202etxt\\u2069\\u007f\\u009b';
  t.is(shown.replaceAll(/\r+\n/g, '\n'), expected);
});

test.serial('what --json prints commands no terminal, and is the same JSON', async (t) => {
  const input = '\x1b[31m \x7f\x9b\u202e\u2028';
  const { stdout } = await snapvm(['run', ECHO, '--input', input, '--json']);
  t.is((JSON.parse(stdout.toString()) as { output: string }).output, input);
  t.regex(stdout.toString(), /^[\n\x20-\x7e]*$/);
});

test.serial('the log of a guest goes to stderr, and cannot command the terminal', async (t) => {
  const guest = join(EXAMPLES, 'hostcall.elf');
  const said = await snapvm(['run', guest, '--fn', 'say', '--input', 'one\ntwo\x1b[31m\x9b\u202e']);
  t.is(said.stdout.toString(), 'said');
  t.is(said.stderr, '[info] one\n[info] two\\u001b[31m\\u009b\\u202e\n');
  const many = ['run', guest, '--fn', 'many', '--input', '2'];
  t.is((await snapvm(many)).stderr, '');
  t.is(
    (await snapvm([...many, '--log-level', 'debug'])).stderr,
    '[debug] turn 1 of 2\n[debug] turn 2 of 2\n',
  );
});

test.serial('run --json gives the answer as one object, base64 when it is not text', async (t) => {
  const text = await json(t, ['run', ECHO, '--input', 'hi\u2028']);
  t.like(text, { output: 'hi\u2028', encoding: 'utf8', fn: 'echo' });
  t.regex(String(text['hash']), /^[\da-f]{64}$/);
  t.true(typeof text['ms'] === 'number' && text['ms'] > 0);
  t.deepEqual(Object.keys(text['stats'] as object).sort(), [
    'rebuilds',
    'restoreUs',
    'restores',
    'runUs',
    'startedUs',
    'stickyPages',
  ]);
  const binary = await json(t, ['run', ECHO, '--fn', 'reverse', '--input', `@${BINARY_FILE}`]);
  t.is(binary['encoding'], 'base64');
  t.deepEqual(Buffer.from(String(binary['output']), 'base64'), Buffer.from(BINARY).reverse());
});

test.serial('a guest or input that cannot be read is told in one line', async (t) => {
  const missing = join(FOLDER, 'missing');
  await failsWith(t, ['run', missing], 1, 'SNAPVM_ELF_FILE', 'missing', 'does not exist');
  await failsWith(t, ['run', FOLDER], 1, 'SNAPVM_ELF_FILE', 'directory');
  await failsWith(t, ['run', TEXT_FILE], 1, 'SNAPVM_ELF_MAGIC', 'not an ELF');
  await failsWith(t, ['inspect', missing], 1, 'SNAPVM_ELF_FILE', 'does not exist');
  await failsWith(t, ['inspect', FOLDER], 1, 'SNAPVM_ELF_FILE', 'directory');
  await failsWith(t, ['inspect', TEXT_FILE], 1, 'SNAPVM_ELF_MAGIC');
  await failsWith(t, ['run', ECHO, '--input', `@${missing}`], 1, 'ENOENT', '--input', 'does not exist');
  await failsWith(t, ['run', ECHO, '--input', `@${FOLDER}`], 1, 'EISDIR', '--input', 'directory');
  await failsWith(t, ['run', ECHO, '--init-data', `@${missing}`], 1, 'ENOENT', '--init-data');
  await failsWith(t, ['run', ECHO, '--fn', 'revers'], 1, 'SNAPVM_CALL_FUNCTION', 'did you mean "reverse"');
});

test.serial('an input without an end is refused, not collected', async (t) => {
  const source = ['run', ECHO, '--input', '@/dev/zero'];
  await failsWith(t, source, 1, 'SNAPVM_CALL_INPUT_TOO_LARGE', '--input-bytes');
});

test.serial('a crash exits with 1 and names the function and the address', async (t) => {
  const crash = ['run', CRASH, '--fn', 'null_write'];
  await failsWith(t, crash, 1, 'SNAPVM_GUEST_FAULT', '#PF', 'write 0x0', 'null_write+');
  await failsWith(t, ['run', CRASH, '--fn', 'abort_code'], 1, 'SNAPVM_GUEST_ABORT', '42');
  const { error } = await json(t, crash, 1);
  t.like(error, { code: 'SNAPVM_GUEST_FAULT', details: { fn: 'null_write', vector: 14, cr2: '0x0' } });
  const ok = await snapvm(['run', CRASH]);
  t.is(ok.stdout.toString(), 'ok');
});

test.serial('SNAPVM_DEBUG=1 adds the stack', async (t) => {
  const args = ['run', CRASH, '--fn', 'null_write'];
  const { code, stderr } = await snapvm(args, { env: { SNAPVM_DEBUG: '1' } });
  t.is(code, 1);
  t.regex(stderr, /^snapvm: SNAPVM_GUEST_FAULT: .*\n.*\n {4}at /);
});

test.serial('a limit stops an endless loop in time, with the exit code of timeout(1)', async (t) => {
  const loop = ['run', CRASH, '--fn', 'loop'];
  const started = performance.now();
  await failsWith(t, [...loop, '--timeout-ms', '50'], 124, 'SNAPVM_CALL_TIMEOUT', '50 ms');
  t.true(performance.now() - started < 10_000);
  await failsWith(t, [...loop, '--cpu-ms', '20', '--timeout-ms', '30000'], 124, 'SNAPVM_CALL_CPU');
  const { error } = await json(t, [...loop, '--timeout-ms', '50'], 124);
  t.like(error, { code: 'SNAPVM_CALL_TIMEOUT', details: { timeoutMs: 50 } });
});
