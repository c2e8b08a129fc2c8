/** The commands that talk to a server, against one that answers as a test says. */
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { Access } from '../../src/server/access/access.js';
import { ECHO, failsWith, json, snapvm } from '../support/cli.js';
import { type Asked, answerJson, answerProblem, closedUrl, stubServer } from '../support/stub-server.js';

const FOLDER = mkdtempSync(join(tmpdir(), 'snapvm-cli-server-'));
test.after.always(() => rmSync(FOLDER, { recursive: true }));

/** Writes a file, and says where it is. */
function file(name: string, text: string): string {
  const path = join(FOLDER, name);
  writeFileSync(path, text);
  return path;
}

const DEPLOYED = {
  name: 'f',
  revision: 2,
  version: 'ab'.repeat(32),
  kind: 'js',
  created: true,
  createdAt: '2026-01-01T00:00:00Z',
  bytes: 1,
  functions: ['default', 'more'],
  policy: {},
};

/** What `snapvm deploy` sends. */
async function sentBy(t: ExecutionContext, ...args: readonly string[]): Promise<Asked> {
  const { url, asked } = await stubServer(t, (_asked, response) => answerJson(response, 201, DEPLOYED));
  const { code, stdout, stderr } = await snapvm(['deploy', '--url', url, ...args]);
  t.is(code, 0, stderr);
  t.is(stderr, '');
  t.is(stdout.toString(), 'f: revision 2, abababababab, js, functions default more, live\n');
  const [only] = asked;
  if (only === undefined || asked.length !== 1) throw new Error('not one request');
  return only;
}

test.serial('a server that is not there is told with what to do', async (t) => {
  const url = await closedUrl();
  const code = file('here.js', 'export default () => 1');
  for (const args of [['deploy', code], ['call', 'f'], ['list'], ['remove', 'f'], ['rollback', 'f']]) {
    await failsWith(t, [...args, '--url', url], 1, 'SNAPVM_CLIENT_UNREACHABLE', url, 'snapvm serve', '--url');
    const { error } = await json(t, [...args, '--url', url], 1);
    t.like(error, { code: 'SNAPVM_CLIENT_UNREACHABLE' });
  }
});

test.serial('the address and the token come from flags, a file or the environment', async (t) => {
  const stub = await stubServer(t, (_asked, response) => answerJson(response, 200, { functions: [] }));
  const token = file('token', '  secret\n');
  const env = { SNAPVM_URL: stub.url, SNAPVM_TOKEN: 'other' };
  t.like(await snapvm(['list'], { env }), { code: 0, stderr: '' });
  t.is(stub.asked.at(-1)?.headers.authorization, 'Bearer other');
  t.like(await snapvm(['list', '--token-file', token], { env }), { code: 0, stderr: '' });
  t.is(stub.asked.at(-1)?.headers.authorization, 'Bearer secret');
  await failsWith(t, ['list', '--token-file', join(FOLDER, 'none')], 1, 'ENOENT', '--token-file');
  await failsWith(t, ['list', '--token-file', file('empty', '\n')], 2, 'is empty');
  await failsWith(t, ['list', '--url', 'nowhere'], 2, 'url is "nowhere"');
});

test.serial('what the server refuses is told in its words, with an exit code', async (t) => {
  const problems = [
    { status: 401, code: 'SNAPVM_SERVER_UNAUTHORIZED', detail: 'no token' },
    { status: 429, code: 'SNAPVM_SERVER_QUOTA', detail: 'too many \u001b[31mcalls' },
    { status: 422, code: 'SNAPVM_CALL_TIMEOUT', detail: 'f ran for 50 ms', function: 'f', instance: 'r1' },
    { status: 400, code: 'SNAPVM_CONFIG_VALUE', detail: 'timeoutMs is 0; it must be more' },
    {
      status: 422,
      code: 'SNAPVM_JS_ERROR',
      detail: 'f: RangeError: no',
      function: 'f',
      thrown: { name: 'RangeError', message: 'no', stack: 'RangeError: no\n    at f (function.js:1:7)' },
    },
  ];
  let at = 0;
  const { url } = await stubServer(t, (_asked, response) =>
    answerProblem(response, problems[at] as never, { 'retry-after': '3' }),
  );
  const call = ['call', 'f', '--url', url];
  await failsWith(t, call, 1, 'SNAPVM_SERVER_UNAUTHORIZED: no token; give the token in SNAPVM_TOKEN');
  at = 1;
  await failsWith(t, call, 1, 'SNAPVM_SERVER_QUOTA: too many \\u001b[31mcalls; try again in 3 s');
  at = 2;
  const { error } = await json(t, call, 124);
  t.like(error, { code: 'SNAPVM_CALL_TIMEOUT', details: { status: 422, requestId: 'r1' } });
  at = 3;
  await failsWith(t, call, 2, '--timeout-ms is 0; it must be more', 'snapvm call --help');
  at = 4;
  const thrown = await snapvm(call);
  t.is(thrown.code, 1);
  t.is(
    thrown.stderr,
    'snapvm: SNAPVM_JS_ERROR: f: RangeError: no; try again in 3 s\n    at f (function.js:1:7)\n',
  );
  t.like((await json(t, call, 1))['error'], { thrown: { name: 'RangeError' } });
});

test.serial('deploy sends a module that imports nothing as it is', async (t) => {
  const js = `import { format } from 'node:util';\nexport default (x) => format('%s', x); // kept\n`;
  const plain = await sentBy(t, file('hello.js', js));
  t.is(`${plain.method} ${plain.url}`, 'PUT /v1/functions/hello');
  t.is(plain.headers['content-type'], 'application/javascript');
  t.is(plain.body.toString(), js);
  const ts = 'export default (x: number): number => x;\n';
  const typed = await sentBy(t, file('typed.ts', ts), '--name', 'other');
  t.is(typed.url, '/v1/functions/other');
  t.is(typed.headers['content-type'], 'application/typescript');
  t.is(typed.body.toString(), ts);
});

test.serial('deploy bundles a module with the files and packages that it imports', async (t) => {
  file('part.ts', 'export const part = (x: number): number => x + 40;');
  file('old.cjs', "const { sep } = require('node:path'); exports.sep = sep; exports.twice = (x) => x * 2;");
  const js = await sentBy(
    t,
    file(
      'whole.js',
      "import { part } from './part.ts'; import old from './old.cjs'; export default () => part(old.twice(1));",
    ),
  );
  t.is(js.headers['content-type'], 'application/javascript');
  const text = js.body.toString();
  t.regex(text, /x \+ 40/);
  t.notRegex(text, /\.\/part|: number/);
  const common = await sentBy(t, file('common.cjs', "module.exports = require('./old.cjs').twice;"));
  t.regex(common.body.toString(), /module\.exports = /);
  t.notRegex(common.body.toString(), /^export /m);
  t.notRegex(common.body.toString(), /\.\/old\.cjs"\)/);
});

test.serial('deploy takes options of the policy and of the source along', async (t) => {
  const asked = await sentBy(
    t,
    file('limited.js', 'export default () => 1'),
    ...['--timeout-ms', '50.5', '--heap-bytes', '32m', '--host-function', 'a', '--host-function', 'b'],
    ...['--locale', 'de'],
  );
  const body = asked.body.toString();
  const policy = { hostFunctions: ['a', 'b'], timeoutMs: 50.5, heapBytes: 32 * 2 ** 20, locales: ['de'] };
  t.true(body.includes(JSON.stringify(policy)), body);
});

test.serial('deploy knows a native guest from a Linux program, and packs the files of one', async (t) => {
  const native = await sentBy(t, ECHO);
  t.is(native.headers['content-type'], 'application/vnd.snapvm.native+elf');
  t.is(native.url, '/v1/functions/echo');
  const data = join(FOLDER, 'data');
  mkdirSync(join(data, 'inner'), { recursive: true });
  file('data/inner/motd', 'hello from a file');
  const linux = await sentBy(
    t,
    ECHO,
    '--kind',
    'linux',
    '--arg',
    '-x',
    '--env',
    'A=b',
    '--file',
    `/d=${data}`,
  );
  const body = linux.body.toString('latin1');
  t.true(body.includes('{"args":["-x"],"argv0":"echo.elf","env":{"A":"b"}}'));
  t.true(body.includes('d/inner/motd\0') && body.includes('hello from a file'));
  t.true(body.includes('application/vnd.snapvm.linux+elf') && body.includes('application/x-tar'));
});

test.serial('what cannot be deployed is told before anything is sent', async (t) => {
  const { url, asked } = await stubServer(t, (_asked, response) => answerJson(response, 201, DEPLOYED));
  const deploy = (...args: readonly string[]): readonly string[] => ['deploy', '--url', url, ...args];
  const good = file('good.js', 'export default () => 1');
  await failsWith(t, deploy(join(FOLDER, 'none.js')), 1, 'ENOENT', 'none.js', 'does not exist');
  await failsWith(t, deploy(FOLDER), 1, 'EISDIR');
  await failsWith(t, deploy(file('notes.txt', 'no code')), 2, 'notes.txt', '--kind');
  await failsWith(t, deploy(good, '--kind', 'wasm'), 2, '--kind is "wasm"', 'js, ts, native, linux');
  await failsWith(t, deploy(good, '--arg', 'x'), 2, '--arg is for Linux programs');
  await failsWith(t, deploy(good, '--argv0', 'x'), 2, '--argv0 is for Linux programs');
  await failsWith(t, deploy(ECHO, '--locale', 'de'), 2, '--locale is for JavaScript');
  await failsWith(t, deploy(good, '--warm', 'now'), 2, '--warm is "now"');
  await failsWith(t, deploy(good, '--env', 'A'), 2, '--env is "A"', 'name=value');
  const linux = deploy(ECHO, '--kind', 'linux');
  await failsWith(t, [...linux, '--file', `relative=${good}`], 2, 'relative', 'absolute path');
  await failsWith(t, [...linux, '--file', `/a=${join(FOLDER, 'none')}`], 1, 'SNAPVM_LINUX_FILES', '"/a"');
  mkdirSync(join(FOLDER, 'links'));
  symlinkSync('/etc', join(FOLDER, 'links/out'));
  await failsWith(t, [...linux, '--file', `/a=${join(FOLDER, 'links')}`], 2, '"/a/out" is a link');
  const syntax = await snapvm(deploy(file('bad.js', 'export default () => {\n  let = 5;;\n  const x =\n}')));
  t.is(syntax.code, 1);
  t.regex(syntax.stderr, /^snapvm: SNAPVM_JS_SYNTAX: .*bad\.js:\d+:\d+: /);
  const missing = await snapvm(deploy(file('lost.js', "import './gone.js'; export default () => 1")));
  t.is(missing.code, 1);
  t.regex(missing.stderr, /^snapvm: SNAPVM_JS_BUNDLE: .*gone\.js.*there is no such file/);
  t.is(asked.length, 0);
});

test.serial('call prints what was answered: JSON, bytes, a program with its exit code', async (t) => {
  const stub = await stubServer(t, ({ url }, response) => {
    if (url.startsWith('/v1/functions/bytes'))
      response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(Buffer.from([0, 255]));
    else if (url.startsWith('/v1/functions/nothing')) response.writeHead(204).end();
    else if (url.startsWith('/v1/functions/program'))
      answerJson(
        response,
        200,
        { exitCode: 3, stdout: 'out', stderr: { base64: '/w==' } },
        { 'snapvm-exit-code': '3' },
      );
    else answerJson(response, 200, { hello: 'Ada' }, { 'snapvm-revision': '4', 'snapvm-duration-us': '12' });
  });
  const call = (...args: readonly string[]): readonly string[] => ['call', '--url', stub.url, ...args];
  const value = await snapvm(
    call('f', '--event', '{"n":1}', '--fn', 'g', '--revision', '4', '--deadline-ms', '9'),
  );
  t.like(value, { code: 0, stderr: '' });
  t.deepEqual(JSON.parse(value.stdout.toString()), { hello: 'Ada' });
  const asked = stub.asked.at(-1);
  t.is(asked?.url, '/v1/functions/f?version=4');
  t.like(asked?.headers, { 'snapvm-fn': 'g', 'snapvm-deadline-ms': '9', 'content-type': 'application/json' });
  t.is(asked?.body.toString(), '{"n":1}');
  t.like(await json(t, call('f')), { result: { hello: 'Ada' }, revision: 4, durationUs: 12 });
  t.deepEqual((await snapvm(call('bytes', '--input', '-'), { stdin: 'in' })).stdout, Buffer.from([0, 255]));
  t.is(stub.asked.at(-1)?.body.toString(), 'in');
  t.is(stub.asked.at(-1)?.headers['content-type'], 'application/octet-stream');
  t.deepEqual((await snapvm(call('nothing'))).stdout, Buffer.alloc(0));
  const program = await snapvm(call('program', '--arg', '-n', '--input', ''));
  t.is(program.code, 3);
  t.is(program.stdout.toString(), 'out');
  t.is(program.stderr, Buffer.from([255]).toString());
  t.is(stub.asked.at(-1)?.headers['snapvm-args'], '["-n"]');
  await failsWith(t, call('f', '--event', '1', '--input', '2'), 2, '--event and --input');
  await failsWith(t, call('f', '--event', '{a:1}'), 2, '--event is not JSON');
});

test.serial('list, rollback and remove say what there is now', async (t) => {
  const live = [
    { revision: 3, version: 'cd'.repeat(32), weight: 90 },
    { revision: 4, version: 'ef'.repeat(32), weight: 10 },
  ];
  const functions = [
    { name: 'f', kind: 'js', createdAt: '2026-01-01T00:00:00Z', live },
    { name: 'longer', createdAt: '2026-01-02T00:00:00Z' },
  ];
  const stub = await stubServer(t, ({ method, url }, response) => {
    if (method === 'DELETE') response.writeHead(204).end();
    else if (url.endsWith('/rollback')) answerJson(response, 200, { name: 'f', live: live.slice(0, 1) });
    else answerJson(response, 200, { functions });
  });
  t.is(
    (await snapvm(['list', '--url', stub.url])).stdout.toString(),
    'f       js  3 (cdcdcdcdcdcd) 90%, 4 (efefefefefef) 10%  2026-01-01T00:00:00Z\n' +
      'longer  -   -                                           2026-01-02T00:00:00Z\n',
  );
  t.deepEqual(await json(t, ['list', '--url', stub.url]), { functions });
  const back = await snapvm(['rollback', 'f', '--url', stub.url]);
  t.is(back.stdout.toString(), 'f: live is 3 (cdcdcdcdcdcd) 90%\n');
  t.is(stub.asked.at(-1)?.url, '/v1/functions/f/rollback');
  t.like(await json(t, ['rollback', 'f', '--url', stub.url]), { name: 'f' });
  t.is((await snapvm(['remove', 'f', '--url', stub.url])).stdout.toString(), 'f: removed\n');
  t.deepEqual(await json(t, ['remove', 'f', '--url', stub.url]), { removed: 'f' });
});

test.serial('a name that is not known is answered with one that is close', async (t) => {
  const unknown = { status: 404, code: 'SNAPVM_SERVER_UNKNOWN', detail: 'there is no such thing' };
  const functions = ['greet', 'orders'].map((name) => ({ name, createdAt: '2026-01-01T00:00:00Z' }));
  const { url, asked } = await stubServer(t, (one, response) => {
    if (one.url.startsWith('/v1/functions?')) answerJson(response, 200, { functions });
    else answerProblem(response, unknown);
  });
  for (const command of ['call', 'logs', 'rollback', 'remove'])
    await failsWith(t, [command, 'gret', '--url', url], 1, 'no such thing; did you mean "greet"?');
  t.like((await json(t, ['call', 'gret', '--url', url], 1))['error'], {
    code: 'SNAPVM_SERVER_UNKNOWN',
    message: 'there is no such thing; did you mean "greet"?',
    details: { status: 404 },
  });
  // Far from all names; and a name that is known, with an alias that is not.
  for (const name of ['something', 'greet']) {
    const { stderr } = await snapvm(['call', name, '--url', url]);
    t.is(stderr, 'snapvm: SNAPVM_SERVER_UNKNOWN: there is no such thing\n');
  }
  const before = asked.length;
  await failsWith(t, ['calls', 'gret', '--url', url], 1, 'there is no such thing');
  t.is(asked.length, before + 1);
});

test.serial('token makes a token and the line that admits it', async (t) => {
  const { code, stdout, stderr } = await snapvm(['token', 'ci', '--tenant', 'shop', '--role', 'deploy']);
  t.is(code, 0, stderr);
  const [token = '', line = ''] = stdout.toString().split('\n');
  const config = JSON.parse(line) as Record<string, unknown>;
  t.like(config, { name: 'ci', tenant: 'shop', roles: ['deploy'] });
  t.is(config['sha256'], createHash('sha256').update(token).digest('hex'));
  const access = Access.from({ tokens: [config] });
  t.like(access.authenticate(`Bearer ${token}`), { tenant: 'shop', name: 'ci' });
  const another = await json(t, ['token', 'other']);
  t.like(another['config'], { name: 'other', tenant: 'default', roles: ['call'] });
  t.not(another['token'], token);
  await failsWith(t, ['token'], 2, 'needs <name>');
  await failsWith(t, ['token', 'a b'], 2, 'the name is "a b"');
  await failsWith(t, ['token', 'a', '--role', 'root'], 2, '--role is "root"', 'call, deploy, admin');
});
