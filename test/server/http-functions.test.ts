// Deploying functions over HTTP, and what the server says of them.
import { readFileSync } from 'node:fs';
import test from 'ava';
import { pack } from 'tar-stream';
import { checkCeilings, withinCeilings } from '../../src/server/http/ceilings.js';
import type { SnapvmServer } from '../../src/server/index.js';
import { callJs, deployJs, freshDirectory, problemOf, send, startServer } from '../support/http-server.js';
import { busybox } from '../support/linux-build.js';
import { testWith } from '../support/test-with.js';

const JS = { 'content-type': 'application/javascript' };
const NATIVE = { 'content-type': 'application/vnd.snapvm.native+elf' };
const JSON_BODY = { 'content-type': 'application/json' };
const ECHO = readFileSync(new URL('../../guest/examples/echo.elf', import.meta.url));

async function tarOf(files: readonly (readonly [object, string?])[]): Promise<Uint8Array> {
  const tar = pack();
  for (const [header, content] of files) tar.entry(header as { name: string }, content ?? '');
  tar.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of tar) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function formOf(parts: Readonly<Record<string, readonly [string | Uint8Array, string]>>): FormData {
  const form = new FormData();
  for (const [name, [content, type]] of Object.entries(parts)) form.set(name, new Blob([content], { type }));
  return form;
}

test('a module is deployed once: the same source again is the same version', async (t) => {
  const server = await startServer(t);
  const first = await send(server, 'PUT', '/v1/functions/hello?timeoutMs=5000&maxLogBytes=0', {
    headers: JS,
    body: 'export default (name) => `hello ${name}`; export const other = () => 1;',
  });
  t.is(first.status, 201);
  t.like(first.json, {
    name: 'hello',
    created: true,
    revision: 1,
    kind: 'js',
    functions: ['default', 'other'],
    bytes: 71,
    policy: { timeoutMs: 5000, maxLogBytes: 0 },
  });
  t.regex(first.json.version, /^[0-9a-f]{64}$/);
  const again = await send(server, 'PUT', '/v1/functions/hello?timeoutMs=5000&maxLogBytes=0', {
    headers: { 'content-type': 'Text/JavaScript; charset=utf-8' },
    body: 'export default (name) => `hello ${name}`; export const other = () => 1;',
  });
  t.is(again.status, 200);
  t.deepEqual({ ...again.json, created: true }, first.json);
  t.is((await callJs(server, 'hello', 'Ada')).json, 'hello Ada');
});

test('TypeScript and native functions are deployed by their content types', async (t) => {
  const server = await startServer(t);
  const ts = {
    headers: { 'content-type': 'application/typescript' },
    body: 'export default (x: number) => x + 1;',
  };
  t.is((await send(server, 'PUT', '/v1/functions/ts', ts)).json.kind, 'ts');
  t.is((await callJs(server, 'ts', 1)).json, 2);
  t.is(
    (await send(server, 'PUT', '/v1/functions/echo', { headers: NATIVE, body: ECHO })).json.kind,
    'native',
  );
  const bytes = new Uint8Array([0, 255, 10, 13]);
  const answer = await send(server, 'POST', '/v1/functions/echo', { body: bytes });
  t.is(answer.headers.get('content-type'), 'application/octet-stream');
  t.deepEqual(answer.bytes, bytes);
});

testWith(busybox(), 'a Linux program comes with its policy and a tar of files', async (t, path) => {
  const server = await startServer(t);
  const files = await tarOf([[{ name: 'etc', type: 'directory' }], [{ name: './etc/name' }, 'Ada\n']]);
  const policy = { argv0: 'cat', args: ['/etc/name', '-'], timeoutMs: 60_000, env: { A: '1' } };
  const form = formOf({
    policy: [JSON.stringify(policy), 'application/json'],
    source: [readFileSync(path), 'application/vnd.snapvm.linux+elf'],
    files: [files, 'application/x-tar'],
  });
  const deployed = await send(server, 'PUT', '/v1/functions/cat', { body: form });
  t.is(deployed.status, 201, deployed.text);
  const answer = await send(server, 'POST', '/v1/functions/cat', { body: 'and more' });
  t.is(answer.text, 'Ada\nand more');
  t.is(answer.headers.get('snapvm-exit-code'), '0');
  const json = await send(server, 'POST', '/v1/functions/cat', {
    headers: { accept: 'application/json', 'snapvm-args': '["/none"]' },
  });
  t.is(json.json.exitCode, 1);
  t.is(json.json.stdout, '');
  t.regex(json.json.stderr, /none/);
  const binary = await send(server, 'POST', '/v1/functions/cat', {
    headers: { accept: 'application/json', 'snapvm-args': '["-"]' },
    body: new Uint8Array([255]),
  });
  t.deepEqual(binary.json.stdout, { base64: '/w==' });
  t.is(
    problemOf(t, await send(server, 'POST', '/v1/functions/cat', { headers: { 'snapvm-fn': 'x' } })),
    '404 SNAPVM_CALL_FUNCTION',
  );
});

test('what cannot be deployed is refused, and leaves nothing', async (t) => {
  const server = await startServer(t, { bodyBytes: 100_000 });
  const put = async (path: string, headers: Record<string, string>, body: string | Uint8Array | FormData) =>
    problemOf(t, await send(server, 'PUT', path, { headers, body }));
  const source = 'export default () => 1;';
  t.is(await put('/v1/functions/f', JS, 'export default ('), '422 SNAPVM_JS_SYNTAX');
  t.is(await put('/v1/functions/f', JS, ''), '400 SNAPVM_SERVER_REQUEST');
  t.is(await put('/v1/functions/f', {}, source), '415 SNAPVM_SERVER_MEDIA');
  t.is(await put('/v1/functions/f', NATIVE, source), '422 SNAPVM_ELF_MAGIC');
  t.is(await put('/v1/functions/f?timeoutMs=-1', JS, source), '400 SNAPVM_SERVER_REQUEST');
  t.is(await put('/v1/functions/f?timeoutMs=1&timeoutMs=2', JS, source), '400 SNAPVM_SERVER_REQUEST');
  t.is(await put('/v1/functions/f?activate=maybe', JS, source), '400 SNAPVM_SERVER_REQUEST');
  t.is(await put('/v1/functions/f?hostFunctions=none', JS, source), '400 SNAPVM_CONFIG_VALUE');
  t.is(await put('/v1/functions/f?args=a', JS, source), '400 SNAPVM_CONFIG_UNKNOWN');
  t.is(await put('/v1/functions/f?warm=stdin', JS, source), '400 SNAPVM_CONFIG_UNKNOWN');
  t.is(await put('/v1/functions/f', JS, 'x'.repeat(100_001)), '413 SNAPVM_SERVER_TOO_LARGE');
  const unknown = await send(server, 'PUT', '/v1/functions/f?timeoutMS=5', { headers: JS, body: source });
  t.regex(unknown.json.detail, /did you mean "timeoutMs"\?/);
  for (const name of ['-a', '.a', 'a%2fb', 'a b', 'ä', 'x'.repeat(65), '__proto__', 'a%00'])
    t.is(await put(`/v1/functions/${name}`, JS, source), '400 SNAPVM_SERVER_NAME', name);
  t.deepEqual((await send(server, 'GET', '/v1/functions')).json, { functions: [] });
});

test('a form is refused that has other parts, bad policies or unsafe files', async (t) => {
  const server = await startServer(t, { bodyBytes: 200_000 });
  const js = ['export default () => 1;', 'application/javascript'] as const;
  const put = async (form: FormData) =>
    problemOf(t, await send(server, 'PUT', '/v1/functions/f', { body: form }));
  t.is(await put(formOf({})), '400 SNAPVM_SERVER_REQUEST');
  t.is(await put(formOf({ source: js, more: ['x', 'text/plain'] })), '400 SNAPVM_SERVER_REQUEST');
  t.is(await put(formOf({ source: js, ['__proto__']: ['x', 'text/plain'] })), '400 SNAPVM_SERVER_REQUEST');
  t.is(await put(formOf({ source: ['x', 'image/png'] })), '415 SNAPVM_SERVER_MEDIA');
  t.is(await put(formOf({ source: js, policy: ['{', 'application/json'] })), '400 SNAPVM_SERVER_REQUEST');
  t.is(await put(formOf({ source: js, policy: ['[]', 'application/json'] })), '400 SNAPVM_SERVER_REQUEST');
  t.is(
    await put(formOf({ source: js, policy: ['{"env":{"A":1}}', 'application/json'] })),
    '400 SNAPVM_SERVER_REQUEST',
  );
  t.is(
    await put(formOf({ source: js, policy: ['{"__proto__":1}', 'application/json'] })),
    '400 SNAPVM_CONFIG_UNKNOWN',
  );
  t.is(
    await put(formOf({ source: js, policy: ['{"timeoutMs":"5"}', 'application/json'] })),
    '400 SNAPVM_CONFIG_VALUE',
  );
  t.is(await put(formOf({ source: js, files: ['x', 'application/x-tar'] })), '400 SNAPVM_SERVER_REQUEST');
  t.is(
    await put(
      formOf({ source: ['x'.repeat(150_000), js[1]], policy: ['x'.repeat(60_000), 'application/json'] }),
    ),
    '413 SNAPVM_SERVER_TOO_LARGE',
  );
  const twice = new FormData();
  for (const content of ['1', '2']) twice.append('source', new Blob([content], { type: js[1] }));
  t.is(await put(twice), '400 SNAPVM_SERVER_REQUEST');

  const elf = [ECHO, 'application/vnd.snapvm.linux+elf'] as const;
  const withFiles = (tar: Uint8Array) => put(formOf({ source: elf, files: [tar, 'application/x-tar'] }));
  const entries: readonly (readonly [object, string?])[] = [
    [{ name: '../out' }, 'x'],
    [{ name: 'a/../../out' }, 'x'],
    [{ name: 'link', type: 'symlink', linkname: '/etc/passwd' }],
    [{ name: 'hard', type: 'link', linkname: 'etc/passwd' }],
    [{ name: 'dev', type: 'character-device' }],
    [{ name: 'pipe', type: 'fifo' }],
    [{ name: 'x'.repeat(256) }, 'x'],
    [{ name: '/' }, 'x'],
  ];
  for (const [header, content] of entries)
    t.is(
      await withFiles(await tarOf([[header, content ?? '']])),
      '400 SNAPVM_SERVER_REQUEST',
      JSON.stringify(header),
    );
  t.is(
    await withFiles(
      await tarOf([
        [{ name: 'a' }, '1'],
        [{ name: './a' }, '2'],
      ]),
    ),
    '400 SNAPVM_SERVER_REQUEST',
  );
  t.is(await withFiles(Buffer.from('no tar at all')), '400 SNAPVM_SERVER_REQUEST');
  const cut = (await tarOf([[{ name: 'a' }, 'x'.repeat(2000)]])).subarray(0, 1024);
  t.is(await withFiles(cut), '400 SNAPVM_SERVER_REQUEST');
});

test('functions are listed by name, a page at a time', async (t) => {
  const server = await startServer(t);
  for (const name of ['b', 'toString', 'a', 'constructor'])
    await deployJs(server, name, `export default () => '${name}';`);
  const names = (seen: { json: { functions: { name: string }[] } }) =>
    seen.json.functions.map(({ name }) => name);
  const first = await send(server, 'GET', '/v1/functions?limit=3');
  t.deepEqual(names(first), ['a', 'b', 'constructor']);
  t.is(first.json.next, 'constructor');
  const rest = await send(server, 'GET', `/v1/functions?limit=3&after=${first.json.next}`);
  t.deepEqual(names(rest), ['toString']);
  t.is(rest.json.next, undefined);
  t.is((await callJs(server, 'constructor', null)).json, 'constructor');
  for (const query of ['limit=0', 'limit=1001', 'limit=1e2', 'limit=', 'after=%00', 'limit=1&limit=2'])
    t.regex(problemOf(t, await send(server, 'GET', `/v1/functions?${query}`)), /^400 /, query);
});

test('aliases choose versions, and live goes back', async (t) => {
  const server = await startServer(t);
  for (const value of [1, 2]) await deployJs(server, 'f', `export default () => ${value};`);
  const dark = await send(server, 'PUT', '/v1/functions/f?activate=false', {
    headers: JS,
    body: 'export default () => 3;',
  });
  const run = async (query = ''): Promise<number> =>
    (await send(server, 'POST', `/v1/functions/f${query}`)).json;
  const alias = async (name: string, body: unknown) =>
    await send(server, 'PUT', `/v1/functions/f/aliases/${name}`, {
      headers: JSON_BODY,
      body: JSON.stringify(body),
    });
  t.is(await run(), 2);
  t.is(await run('?version=3'), 3);
  t.is(await run(`?version=${dark.json.version.slice(0, 12)}`), 3);
  const set = await alias('beta', { version: '3' });
  t.is(set.status, 200);
  t.deepEqual(set.json.aliases.beta, [{ version: dark.json.version, revision: 3, weight: 100 }]);
  t.is(await run('?alias=beta'), 3);
  const split = await alias('live', {
    split: [
      { version: '1', weight: 1 },
      { version: '3', weight: 99 },
    ],
  });
  t.deepEqual(
    split.json.live.map(({ weight }: { weight: number }) => weight),
    [1, 99],
  );
  t.is((await send(server, 'POST', '/v1/functions/f/rollback')).json.canRollBack, true);
  t.is(await run(), 2);
  await send(server, 'POST', '/v1/functions/f/rollback');
  t.is(await run(), 1);
  t.is(problemOf(t, await send(server, 'POST', '/v1/functions/f/rollback')), '409 SNAPVM_SERVER_CONFLICT');
  t.is((await send(server, 'DELETE', '/v1/functions/f/aliases/beta')).status, 204);
  t.is(problemOf(t, await send(server, 'POST', '/v1/functions/f?alias=beta')), '404 SNAPVM_SERVER_UNKNOWN');
  t.is(
    problemOf(t, await send(server, 'DELETE', '/v1/functions/f/aliases/live')),
    '409 SNAPVM_SERVER_CONFLICT',
  );
  for (const body of [
    null,
    [],
    {},
    { version: 1 },
    { version: '1', more: 1 },
    { split: [] },
    { version: 'zzz' },
  ])
    t.is(problemOf(t, await alias('x', body)), '400 SNAPVM_SERVER_REQUEST', JSON.stringify(body));
  const weights = (one: number, two: number) => ({
    split: [
      { version: '1', weight: one },
      { version: '2', weight: two },
    ],
  });
  for (const [one, two] of [
    [50, 49],
    [100, 0],
    [0.5, 99.5],
  ] as const)
    t.is(problemOf(t, await alias('x', weights(one, two))), '400 SNAPVM_SERVER_REQUEST');
  t.is(problemOf(t, await alias('x', { version: '9' })), '404 SNAPVM_SERVER_UNKNOWN');
  t.is(problemOf(t, await alias('__proto__', { version: '1' })), '400 SNAPVM_SERVER_NAME');
});

test('a function is described, and gone when it is removed', async (t) => {
  const server = await startServer(t);
  await deployJs(server, 'f', 'export default (x) => { if (x) throw new Error("no"); return 1; };');
  await callJs(server, 'f', 0);
  await callJs(server, 'f', 1);
  const { json } = await send(server, 'GET', '/v1/functions/f');
  t.like(json, { name: 'f', kind: 'js', canRollBack: false, policy: { timeoutMs: 60_000 } });
  t.is(json.versions.length, 1);
  t.like(json.counters, { calls: 2, errors: { SNAPVM_JS_ERROR: 1 } });
  t.true(json.counters.p50Us > 0);
  t.is((await send(server, 'DELETE', '/v1/functions/f')).status, 204);
  for (const [method, path] of [
    ['GET', ''],
    ['DELETE', ''],
    ['POST', ''],
    ['POST', '/rollback'],
    ['POST', '/async'],
  ] as const)
    t.is(
      problemOf(t, await send(server, method, `/v1/functions/f${path}`)),
      '404 SNAPVM_SERVER_UNKNOWN',
      `${method} ${path}`,
    );
});

test('what is deployed imports packages of the server where its owner allows it', async (t) => {
  const module = "import { version } from 'esbuild/package.json'; export default () => typeof version;";
  const closed = await startServer(t);
  for (const type of ['application/javascript', 'application/typescript']) {
    const headers = { 'content-type': type };
    const refused = await send(closed, 'PUT', '/v1/functions/f', { headers, body: module });
    t.is(problemOf(t, refused), '422 SNAPVM_JS_BUNDLE');
    t.regex(refused.json.detail, /may import no packages/);
  }
  const directory = freshDirectory(t);
  const open = await startServer(t, { directory, packages: true });
  t.is((await deployJs(open, 'f', module)).status, 201);
  t.is((await callJs(open, 'f', 1)).json, 'string');
  await open.close();
  // Also of what was deployed while they were allowed.
  const again = await startServer(t, { directory });
  t.is(problemOf(t, await callJs(again, 'f', 1)), '422 SNAPVM_JS_BUNDLE');
});

test('a policy asks for no more than the server gives', async (t) => {
  const server = await startServer(t, { mostPolicy: { timeoutMs: 2000 } });
  const deploy = async (query: string) =>
    await send(server, 'PUT', `/v1/functions/f?${query}`, { headers: JS, body: 'export default () => 1;' });
  for (const query of [
    'timeoutMs=2001',
    'cpuMs=86400000',
    'initTimeoutMs=86400000',
    'heapBytes=2147483648',
    'stackBytes=2147483648',
    'inputBytes=268435456',
    'outputBytes=2147483648',
    'maxExits=4294967295',
    'maxLogBytes=4294967295',
  ]) {
    const refused = await deploy(query);
    t.is(problemOf(t, refused), '400 SNAPVM_CONFIG_VALUE', query);
    t.regex(refused.json.detail, /it must be at most \d+ on this server/, query);
  }
  const form = formOf({
    policy: ['{"initTimeoutMs":60001}', 'application/json'],
    source: ['export default () => 1;', 'text/javascript'],
  });
  const refused = await send(server, 'PUT', '/v1/functions/f', { body: form });
  t.is(problemOf(t, refused), '400 SNAPVM_CONFIG_VALUE');
  t.is((await send(server, 'GET', '/v1/functions/f')).status, 404);
  t.is((await deploy('timeoutMs=2000&inputBytes=67108864')).status, 201);
  await t.throwsAsync(startServer(t, { mostPolicy: { timeoutMs: 0 } }), { code: 'SNAPVM_CONFIG_VALUE' });
  const unknown = { timeMs: 1 } as object;
  await t.throwsAsync(startServer(t, { mostPolicy: unknown }), { code: 'SNAPVM_CONFIG_UNKNOWN' });
});

test('a ceiling below an engine default is what a version gets, and older ones keep what they have', async (t) => {
  const directory = freshDirectory(t);
  const source = 'export default () => 1; export const spin = () => { for (;;); };';
  const deploy = async (server: SnapvmServer, name: string) =>
    await send(server, 'PUT', `/v1/functions/${name}?initTimeoutMs=60000`, { headers: JS, body: source });
  const before = await startServer(t, { directory });
  t.is((await deploy(before, 'old')).status, 201);
  await before.close();
  const mostPolicy = { timeoutMs: 400, heapBytes: 33_554_432, maxLogBytes: 1024 };
  const server = await startServer(t, { directory, mostPolicy });
  const made = await deploy(server, 'new');
  t.is(made.status, 201);
  t.deepEqual(made.json.policy, { values: 'json', initTimeoutMs: 60_000, ...mostPolicy });
  const limits: string[] = [];
  for (const name of ['old', 'new']) {
    const stopped = await callJs(server, name, null, { 'snapvm-fn': 'spin' });
    t.is(problemOf(t, stopped), '422 SNAPVM_CALL_TIMEOUT');
    limits.push(/(\d+) ms/.exec(stopped.json.detail)?.[1] ?? stopped.json.detail);
  }
  t.deepEqual(limits, ['1000', '400']);
  t.is((await deploy(server, 'new')).status, 200, 'the same is the same version');
});

test('defaults of every kind are below the ceilings', (t) => {
  const ceilings = checkCeilings({
    cpuMs: 50,
    inputBytes: 4096,
    maxExits: 100,
    scratchBytes: 5000,
    stackBytes: 8192,
  });
  const [cpuMs, inputBytes, maxExits, scratchBytes, stackBytes] = [50, 4096, 100, 5000, 8192];
  const common = { cpuMs, inputBytes, maxExits, stackBytes };
  t.deepEqual(withinCeilings(ceilings, 'linux', {}), common);
  t.deepEqual(withinCeilings(ceilings, 'native', {}), { ...common, scratchBytes });
  t.deepEqual(withinCeilings(ceilings, 'js', { inputBytes: 1 }), { ...common, inputBytes: 1 });
  t.deepEqual(withinCeilings(checkCeilings({}), 'native', { timeoutMs: 5 }), { timeoutMs: 5 });
  t.throws(() => withinCeilings(ceilings, 'ts', { cpuMs: 51 }), { code: 'SNAPVM_CONFIG_VALUE' });
});

test('an error names the function as its owner does', async (t) => {
  const server = await startServer(t);
  await deployJs(server, 'f', 'export default (x) => { throw new Error(x); };');
  const thrown = await callJs(server, 'f', 'no');
  t.is(thrown.json.detail, 'f.default: Error: no');
  t.is(
    (await callJs(server, 'f', 1, { 'snapvm-fn': 'g' })).json.detail,
    'f has no function "g"; there is default',
  );
  const refused = await deployJs(server, 'g', 'throw new Error("no"); export default () => 1;');
  t.regex(refused.json.detail, /^g[: ]/);
  t.false(refused.text.includes('default/g'));
});
