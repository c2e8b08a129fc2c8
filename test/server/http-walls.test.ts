// What stands between those who use a server, and between it and them: every route of it.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { SnapvmError } from '../../src/index.js';
import { isHidden } from '../../src/server/http/problems.js';
import {
  callJs,
  deployJs,
  exchange,
  freshDirectory,
  problemOf,
  type Seen,
  send,
  startServer,
} from '../support/http-server.js';

const JS = { 'content-type': 'application/javascript' };
const JSON_BODY = { 'content-type': 'application/json' };
const SUPERVISOR = fileURLToPath(new URL('../../guest/examples/echo.supervisor.elf', import.meta.url));

const ROLES = ['call', 'deploy', 'admin'] as const;
/** The least role of each route that needs one. */
const NEEDED: Readonly<Record<string, (typeof ROLES)[number]>> = {
  'PUT /v1/functions/{name}': 'deploy',
  'GET /v1/functions': 'call',
  'GET /v1/functions/{name}': 'call',
  'DELETE /v1/functions/{name}': 'deploy',
  'POST /v1/functions/{name}/rollback': 'deploy',
  'PUT /v1/functions/{name}/aliases/{alias}': 'deploy',
  'DELETE /v1/functions/{name}/aliases/{alias}': 'deploy',
  'POST /v1/functions/{name}': 'call',
  'POST /v1/functions/{name}/batch': 'call',
  'POST /v1/functions/{name}/async': 'call',
  'GET /v1/functions/{name}/logs': 'deploy',
  'GET /v1/functions/{name}/memory': 'deploy',
  'GET /v1/calls/{id}': 'call',
  'DELETE /v1/calls/{id}': 'call',
  'POST /mcp': 'call',
  'GET /mcp': 'call',
  'DELETE /mcp': 'call',
  'GET /metrics': 'admin',
};
const OPEN = ['GET /healthz', 'GET /readyz', 'GET /openapi.json'];

function tokenOf(name: string): string {
  return `token-of-${name}-with-enough-characters`;
}

function bearer(name: string): { readonly authorization: string } {
  return { authorization: `Bearer ${tokenOf(name)}` };
}

function entryOf(name: string, tenant: string, role: (typeof ROLES)[number]) {
  return { name, tenant, roles: [role], sha256: createHash('sha256').update(tokenOf(name)).digest('hex') };
}

test('every route asks for a token and its role before it reads a body', async (t) => {
  const tokens = ROLES.map((role) => entryOf(role, 'acme', role));
  const server = await startServer(t, { access: { tokens } });
  const { paths } = (await send(server, 'GET', '/openapi.json')).json as { paths: Record<string, object> };
  const routes = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  t.deepEqual(
    [...routes, 'GET /mcp', 'DELETE /mcp'].sort(),
    [...Object.keys(NEEDED), ...OPEN].sort(),
    'each route is looked at here',
  );
  for (const [route, role] of Object.entries(NEEDED)) {
    const target = route.replace('{name}', 'f').replace('{alias}', 'a').replace('{id}', 'c');
    // The body that is announced never comes: who waits for it does not answer.
    const begin = `${target} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 9\r\n`;
    t.regex(await exchange(t, server, `${begin}\r\n`), /^HTTP\/1\.1 401 .*_UNAUTHORIZED/s, route);
    const below = ROLES[ROLES.indexOf(role) - 1];
    if (below === undefined) continue;
    const { authorization } = bearer(below);
    const refused = await exchange(t, server, `${begin}authorization: ${authorization}\r\n\r\n`);
    t.regex(refused, /^HTTP\/1\.1 403 .*_FORBIDDEN/s, route);
  }
});

test('a tenant finds nothing of another’s by any route', async (t) => {
  const tokens = [entryOf('ada', 'a', 'deploy'), entryOf('eve', 'b', 'admin')];
  const server = await startServer(t, { access: { tokens } });
  const [ada, eve] = [bearer('ada'), bearer('eve')];
  const deploy = async (headers: object, body: string): Promise<Seen> =>
    await send(server, 'PUT', '/v1/functions/f?timeoutMs=60000', { headers: { ...JS, ...headers }, body });
  const made = await deploy(ada, 'console.log("secret"); export default () => "ada";');
  t.is(made.status, 201);
  const { version } = made.json as { version: string };
  const call = { headers: { ...JSON_BODY, ...ada }, body: 'null' };
  t.is((await send(server, 'POST', '/v1/functions/f', call)).json, 'ada');
  /** What Eve is told, of a function of hers that there is not. */
  const told = async (method: string, path: string, body?: string): Promise<string> => {
    const headers = { ...eve, ...(body !== undefined && JSON_BODY) };
    const seen = await send(server, method, path, { headers, ...(body !== undefined && { body }) });
    return `${problemOf(t, seen)} ${seen.json.detail}`;
  };
  const tries: readonly (readonly [method: string, path: string, body?: string])[] = [
    ['GET', ''],
    ['GET', '/logs'],
    ['GET', '/logs?follow=1'],
    ['GET', '/memory'],
    ['GET', `/memory?version=${version}`],
    ['POST', '', 'null'],
    ['POST', `?version=${version}`, 'null'],
    ['POST', '/batch', '[1]'],
    ['POST', '/async', '1'],
    ['POST', '/rollback'],
    ['PUT', '/aliases/live', `{"version":"${version}"}`],
    ['DELETE', '/aliases/live'],
    ['DELETE', ''],
  ];
  for (const [method, rest, body] of tries) {
    const [hers, none] = [`/v1/functions/f${rest}`, `/v1/functions/g${rest}`];
    const about = await told(method, hers, body);
    t.regex(about, /^404 SNAPVM_SERVER_UNKNOWN /, `${method} ${rest}`);
    t.is(about, (await told(method, none, body)).replaceAll('"g"', '"f"'), `${method} ${rest}`);
  }
  t.deepEqual((await send(server, 'GET', '/v1/functions', { headers: eve })).json, { functions: [] });
  // Of the same name, each has a function of its own.
  t.like((await deploy(eve, 'export default () => "eve";')).json, { revision: 1, created: true });
  t.is((await send(server, 'POST', '/v1/functions/f', call)).json, 'ada');
  t.is((await send(server, 'DELETE', '/v1/functions/f', { headers: eve })).status, 204);
  t.is((await send(server, 'POST', '/v1/functions/f', call)).json, 'ada');
});

test('no token is in the log, nor in an answer', async (t) => {
  const lines: string[] = [];
  const logger = { level: 'trace', stream: { write: (line: string) => void lines.push(line) } };
  const server = await startServer(t, { logger, access: { tokens: [entryOf('ada', 'a', 'admin')] } });
  const answers: string[] = [];
  const ask = async (method: string, path: string, headers: Record<string, string>, body?: string) => {
    const seen = await send(server, method, path, { headers, ...(body !== undefined && { body }) });
    answers.push(seen.text, JSON.stringify([...seen.headers]));
    return seen.status;
  };
  const ada = bearer('ada');
  const source = 'export default () => console.log("a line"); export const fail = () => { throw 1; };';
  t.is(await ask('PUT', '/v1/functions/f?timeoutMs=60000', { ...JS, ...ada }, source), 201);
  t.is(await ask('POST', '/v1/functions/f', ada), 204);
  t.is(await ask('POST', '/v1/functions/f', { ...ada, 'snapvm-fn': 'fail' }), 422);
  t.is(await ask('GET', '/v1/functions/none', ada), 404);
  t.is(await ask('GET', '/metrics', ada), 200);
  t.is(await ask('GET', '/v1/functions', bearer('nobody')), 401);
  t.is(await ask('GET', '/v1/functions', { authorization: `Basic ${tokenOf('nobody')}` }), 401);
  t.true(lines.some((line) => line.includes('a line')));
  for (const text of [...lines, ...answers]) {
    t.false(text.includes(tokenOf('ada')), text);
    t.false(text.includes(tokenOf('nobody')), text);
  }
});

test('a page of another origin may read nothing, and is given no leave to write', async (t) => {
  const server = await startServer(t);
  await deployJs(server, 'f', 'export default () => 1;');
  const asks = [
    ['GET', '/v1/functions', {}],
    ['GET', '/healthz', {}],
    ['GET', '/openapi.json', {}],
    ['POST', '/v1/functions/f', {}],
    ['OPTIONS', '/v1/functions/f', { 'access-control-request-method': 'DELETE' }],
    ['OPTIONS', '/mcp', { 'access-control-request-method': 'POST' }],
  ] as const;
  for (const [method, path, more] of asks) {
    // Of this machine, which may ask: a browser still does not let its page see the answer.
    const near = await send(server, method, path, { headers: { origin: 'http://localhost:3000', ...more } });
    t.is(near.status < 300, method !== 'OPTIONS', path);
    const far = await send(server, method, path, { headers: { origin: 'https://evil.example', ...more } });
    t.is(problemOf(t, far), '403 SNAPVM_SERVER_FORBIDDEN');
    for (const { headers } of [near, far])
      t.deepEqual(
        [...headers.keys()].filter((name) => /^access-control-|^set-cookie$/.test(name)),
        [],
        `${method} ${path}`,
      );
  }
});

test('a function chooses no status, header or type of its answer', async (t) => {
  const server = await startServer(t);
  const attack = '{ status: 500, statusCode: 301, headers: { "set-cookie": "a=b" }, type: "text/html" }';
  const html = '<script>1</script>\\r\\nset-cookie: a=b\\r\\n\\r\\n';
  await deployJs(
    server,
    'f',
    `
    export default () => (${attack});
    export const text = () => '${html}';
    export const bytes = () => new TextEncoder().encode('${html}');
    export const own = () => ({ toJSON: () => '${html}' });
    export const fail = () => { throw Object.assign(new Error('${html}'), ${attack}, { name: '${html}' }); };
    export const log = () => { console.error('${html}'); };
  `,
  );
  const allowed =
    /^(x-request-id|x-content-type-options|snapvm-(version|revision|duration-us|queue-us|dirty-pages|error)|content-(type|length)|date|connection|keep-alive)$/;
  const answers = {
    default: '200 application/json; charset=utf-8',
    text: '200 application/json; charset=utf-8',
    bytes: '200 application/octet-stream',
    own: '200 application/json; charset=utf-8',
    fail: '422 application/problem+json; charset=utf-8',
    log: '204 null',
  };
  for (const [fn, answer] of Object.entries(answers)) {
    const { status, headers } = await callJs(server, 'f', null, { 'snapvm-fn': fn });
    t.is(`${status} ${headers.get('content-type')}`, answer, fn);
    t.is(headers.get('x-content-type-options'), 'nosniff', fn);
    for (const [name, value] of headers) {
      t.regex(name, allowed, fn);
      t.false(value.includes('script') || value.includes('a=b'), `${fn}: ${name}`);
    }
  }
});

test('who deploys gets no ring 0, and no file of the server', async (t) => {
  const server = await startServer(t);
  const put = async (path: string, headers: Record<string, string>, body: string | Uint8Array | FormData) =>
    problemOf(t, await send(server, 'PUT', path, { headers, body }));
  const elf = { 'content-type': 'application/vnd.snapvm.native+elf' };
  const guest = readFileSync(SUPERVISOR);
  t.is(await put('/v1/functions/f?privilege=supervisor', elf, guest), '400 SNAPVM_SERVER_REQUEST');
  const form = (type: string, source: Uint8Array, policy: object): FormData => {
    const made = new FormData();
    made.append('policy', new Blob([JSON.stringify(policy)], { type: 'application/json' }));
    made.append('source', new Blob([source], { type }));
    return made;
  };
  const native = form(elf['content-type'], guest, { privilege: 'supervisor' });
  t.is(await put('/v1/functions/f', {}, native), '400 SNAPVM_CONFIG_UNKNOWN');
  const linux = form('application/vnd.snapvm.linux+elf', guest, { files: { '/passwd': '/etc/passwd' } });
  t.is(await put('/v1/functions/f', {}, linux), '400 SNAPVM_SERVER_REQUEST');
  for (const from of ['/etc/passwd', './package.json', '../package.json', 'file:///etc/passwd']) {
    const source = `import a from ${JSON.stringify(from)}; export default () => a;`;
    t.is(await put('/v1/functions/f', JS, source), '422 SNAPVM_JS_BUNDLE', from);
    const required = `export default () => require(${JSON.stringify(from)});`;
    const seen = await deployJs(server, 'g', required);
    if (seen.status < 300) t.is((await callJs(server, 'g', null)).status, 422, from);
  }
  t.is((await send(server, 'GET', '/v1/functions/f')).status, 404);
});

test('what fails in the server itself is in its log, and not in the answer', async (t) => {
  const directory = freshDirectory(t);
  const before = await startServer(t, { directory });
  await deployJs(before, 'f', 'export default () => 1;');
  await before.close();
  rmSync(join(directory, 'sources'), { recursive: true });
  const lines: string[] = [];
  const logger = { stream: { write: (line: string) => void lines.push(line) } };
  const server = await startServer(t, { directory, logger });
  const failed = await callJs(server, 'f', null);
  t.is(problemOf(t, failed), '500 SNAPVM_SERVER_DIRECTORY');
  t.false(failed.text.includes(directory) || failed.text.includes('sources'), failed.text);
  const { instance } = failed.json as { instance: string };
  const told = lines.filter((line) => line.includes(instance));
  t.true(told.some((line) => line.includes(directory)));
});

test('what a call lacks is in the log, in batches and later calls too, and no answer names a path', async (t) => {
  const lines: string[] = [];
  const logger = { stream: { write: (line: string) => void lines.push(line) } };
  const path = '/srv/private/sources/a file';
  const message = `${path} cannot be read: EMFILE: too many open files, open '${path}'`;
  const server = await startServer(t, { logger });
  await deployJs(server, 'f', 'export default () => 1;');
  const handle = server.engine.get('default/f@1');
  t.truthy(handle);
  // As it fails when the process has no descriptor left.
  Object.assign(handle ?? {}, {
    serve: () => Promise.reject(new SnapvmError('SNAPVM_HOST_MEMORY', message)),
  });
  const failed = await callJs(server, 'f', null);
  t.is(problemOf(t, failed), '503 SNAPVM_HOST_MEMORY');
  const batch = await send(server, 'POST', '/v1/functions/f/batch', { headers: JSON_BODY, body: '[1]' });
  t.is(batch.json[0].problem.code, 'SNAPVM_HOST_MEMORY');
  const later = await send(server, 'POST', '/v1/functions/f/async', { headers: JSON_BODY, body: '1' });
  let seen = later;
  while (seen.json.state === 'queued' || seen.json.state === 'running')
    seen = await send(server, 'GET', `/v1/calls/${later.json.id}`);
  t.is(seen.json.problem.code, 'SNAPVM_HOST_MEMORY');
  for (const { text, headers } of [failed, batch, seen]) {
    t.false(/srv|private|sources/.test(text), text);
    const id = /"instance":"([^"]+)"/.exec(text)?.[1] ?? headers.get('x-request-id');
    t.true(lines.some((line) => line.includes(`${id}`) && line.includes(path)));
  }
});

test('messages without a path are told as they are', (t) => {
  const told = (code: 'SNAPVM_HOST_MEMORY' | 'SNAPVM_ENGINE_QUEUE_FULL', message: string): boolean =>
    !isHidden(new SnapvmError(code, message));
  t.true(told('SNAPVM_ENGINE_QUEUE_FULL', 'default/f@1 has 10 calls that wait; wait and/or try again'));
  for (const message of ["open '/srv/a'", '/srv/a is gone', 'in "/.hidden"', 'at file:///srv/a', '(/a)'])
    t.false(told('SNAPVM_HOST_MEMORY', message), message);
});

test('code of an assistant finds no host function, and leaves nothing in the store', async (t) => {
  const directory = freshDirectory(t);
  let calls = 0;
  const hostFunctions = {
    secret: () => {
      calls += 1;
      return 'secret';
    },
  };
  const server = await startServer(t, { directory, hostFunctions, mcp: { timeoutMs: 60_000 } });
  const source = 'export default () => host.secret();';
  const policy = 'hostFunctions=secret&timeoutMs=60000';
  t.is((await send(server, 'PUT', `/v1/functions/f?${policy}`, { headers: JS, body: source })).status, 201);
  t.is((await callJs(server, 'f', null)).json, 'secret');
  const stored = () => readdirSync(join(directory, 'store'), { recursive: true }).sort();
  const before = stored();
  const run = async (code: string): Promise<string> => {
    const message = { name: 'run_javascript', arguments: { code } };
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: message });
    const headers = { ...JSON_BODY, accept: 'application/json, text/event-stream' };
    return (await send(server, 'POST', '/mcp', { headers, body })).text;
  };
  t.regex(await run('return 6 * 7'), /"text":"42"/);
  t.notRegex(await run('return await host.secret()'), /"text":"secret"/);
  t.is(calls, 1);
  t.deepEqual(stored(), before);
});
