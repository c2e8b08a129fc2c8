// The server as a whole: its document, tokens and quotas, its end, its place in an app, its packages.
import { createHash } from 'node:crypto';
import test from 'ava';
import { fastify } from 'fastify';
import { createServer, snapvmPlugin } from '../../src/server/index.js';
import { runModule, startEngine } from '../support/engine.js';
import {
  Connection,
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
const SERVER = new URL('../../src/server/index.js', import.meta.url).href;

/** What the server has, by operationId. */
const ROUTES = {
  deploy: 'PUT /v1/functions/{name}',
  listFunctions: 'GET /v1/functions',
  getFunction: 'GET /v1/functions/{name}',
  removeFunction: 'DELETE /v1/functions/{name}',
  rollBack: 'POST /v1/functions/{name}/rollback',
  setAlias: 'PUT /v1/functions/{name}/aliases/{alias}',
  removeAlias: 'DELETE /v1/functions/{name}/aliases/{alias}',
  call: 'POST /v1/functions/{name}',
  callMany: 'POST /v1/functions/{name}/batch',
  getLogs: 'GET /v1/functions/{name}/logs',
  getMemory: 'GET /v1/functions/{name}/memory',
  callAsync: 'POST /v1/functions/{name}/async',
  getCall: 'GET /v1/calls/{id}',
  cancelCall: 'DELETE /v1/calls/{id}',
  mcp: 'POST /mcp',
  health: 'GET /healthz',
  readiness: 'GET /readyz',
  metrics: 'GET /metrics',
  openapi: 'GET /openapi.json',
};

interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly schema: object;
    readonly $ref?: string;
  }[];
  readonly requestBody?: { readonly required: boolean; readonly content: object };
  readonly responses: Readonly<Record<string, { readonly $ref?: string; readonly description: string }>>;
}

test('the OpenAPI document names every route, with its parameters, bodies and answers', async (t) => {
  const server = await startServer(t);
  const { json, headers } = await send(server, 'GET', '/openapi.json');
  t.regex(headers.get('content-type') ?? '', /^application\/json/);
  t.is(json.openapi, '3.1.0');
  t.true(json.info.title.length > 0 && /^\d+\.\d+/.test(json.info.version));
  const found = new Map<string, Operation>();
  for (const [path, methods] of Object.entries(json.paths as Record<string, Record<string, Operation>>)) {
    for (const [method, operation] of Object.entries(methods)) {
      const name = `${method.toUpperCase()} ${path}`;
      t.is(ROUTES[operation.operationId as keyof typeof ROUTES], name);
      found.set(operation.operationId, operation);
      const inPath = (operation.parameters ?? []).filter((parameter) => parameter.in === 'path');
      t.deepEqual(
        inPath.map((parameter) => `{${parameter.name}}`),
        path.match(/\{\w+\}/g) ?? [],
        name,
      );
      for (const parameter of operation.parameters ?? [])
        t.is(
          typeof (parameter.schema ?? parameter.$ref),
          parameter.$ref === undefined ? 'object' : 'string',
          name,
        );
      t.true(operation.summary.length > 0, name);
      for (const [status, answer] of Object.entries(operation.responses)) {
        t.regex(status, /^[2-5]\d\d$/, name);
        if (answer.$ref === undefined) t.true(answer.description.length > 0, name);
      }
    }
  }
  t.deepEqual([...found.keys()].sort(), Object.keys(ROUTES).sort());
  // Each route of the app is in it, too, but for two of the page, and two methods that /mcp refuses.
  const routes = server.app.printRoutes({ commonPrefix: false }).match(/\((?:[A-Z, ]+)\)/g) ?? [];
  const methods = routes.flatMap((text) => text.split(',')).filter((method) => !method.includes('HEAD'));
  t.is(methods.length, found.size + 4);
  t.false(found.get('call')?.requestBody?.required);
  t.true(found.get('deploy')?.requestBody?.required);
  const content = Object.keys(found.get('deploy')?.requestBody?.content ?? {});
  for (const type of [
    'application/javascript',
    'text/typescript',
    'application/vnd.snapvm.linux+elf',
    'multipart/form-data',
  ])
    t.true(content.includes(type), type);
});

test('health can be asked for without its body', async (t) => {
  const server = await startServer(t);
  for (const path of ['/healthz', '/readyz']) {
    const { status, headers, bytes } = await send(server, 'HEAD', path);
    t.deepEqual([status, bytes.length], [200, 0], path);
    t.regex(headers.get('content-type') ?? '', /^application\/json/);
  }
  t.is((await send(server, 'HEAD', '/v1/functions')).status, 404);
});

test('tokens, roles and quotas hold on every route', async (t) => {
  const sha256 = (token: string) => createHash('sha256').update(token).digest('hex');
  const tokens = (['call', 'deploy', 'admin'] as const).map((role) => ({
    name: role,
    tenant: 'acme',
    roles: [role],
    sha256: sha256(`token-of-${role}`),
  }));
  const server = await startServer(t, {
    host: '0.0.0.0',
    access: { tokens, tenants: { acme: { functions: 1, concurrent: 1, bodyBytes: 1000 } } },
  });
  const place = { url: server.url.replace('0.0.0.0', '127.0.0.1') };
  const as = (role: string) => ({ authorization: `Bearer token-of-${role}` });
  const status = (seen: Seen): string => problemOf(t, seen);
  const source = { body: 'export default (x) => { for (;x;); return x; };' };
  for (const headers of [{}, { authorization: 'Bearer wrong' }, { authorization: 'Basic dG9rZW4=' }]) {
    const refused = await send(place, 'GET', '/v1/functions', { headers });
    t.is(status(refused), '401 SNAPVM_SERVER_UNAUTHORIZED');
    t.is(refused.headers.get('www-authenticate'), 'Bearer');
  }
  t.is((await send(place, 'GET', '/healthz')).status, 200);
  t.is((await send(place, 'GET', '/readyz')).status, 200);
  t.is((await send(place, 'GET', '/openapi.json')).status, 200);
  const put = async (name: string, role: string, more: { body: string } = source) =>
    await send(place, 'PUT', `/v1/functions/${name}?timeoutMs=60000`, {
      headers: { ...JS, ...as(role) },
      ...more,
    });
  t.is(status(await put('f', 'call')), '403 SNAPVM_SERVER_FORBIDDEN');
  t.is((await put('f', 'deploy')).status, 201);
  t.is(status(await put('g', 'deploy')), '429 SNAPVM_SERVER_QUOTA');
  t.is(status(await put('f', 'deploy', { body: ' '.repeat(1001) })), '413 SNAPVM_SERVER_TOO_LARGE');
  t.is(
    status(await send(place, 'GET', '/metrics', { headers: as('deploy') })),
    '403 SNAPVM_SERVER_FORBIDDEN',
  );
  for (const [method, path] of [
    ['DELETE', ''],
    ['POST', '/rollback'],
    ['PUT', '/aliases/a'],
    ['DELETE', '/aliases/a'],
  ] as const)
    t.is(
      status(await send(place, method, `/v1/functions/f${path}`, { headers: as('call') })),
      '403 SNAPVM_SERVER_FORBIDDEN',
    );
  const call = async (path: string, body: string, signal?: AbortSignal) =>
    await send(place, 'POST', `/v1/functions/f${path}`, {
      headers: { ...JSON_BODY, ...as('call') },
      body,
      ...(signal !== undefined && { signal }),
    });
  t.is((await call('', 'null')).text, 'null');
  // One at a time: a batch keeps to it by itself, and another call is refused meanwhile.
  t.deepEqual((await call('/batch', '[0,0,0]')).json, Array(3).fill({ status: 200, result: 0 }));
  const stop = new AbortController();
  const busy = call('', '1', stop.signal);
  busy.catch(() => {});
  while (server.engine.stats().pending === 0) await call('/rollback', '');
  const crowded = await call('', '0');
  t.is(status(crowded), '429 SNAPVM_SERVER_QUOTA');
  t.regex(crowded.headers.get('retry-after') ?? '', /^[1-9]\d*$/);
  stop.abort();
  while ((await call('', '0')).status === 429); // its place is free again
  const metrics = await send(place, 'GET', '/metrics', { headers: as('admin') });
  t.regex(metrics.text, /snapvm_calls_total\{tenant="acme",function="f".*\} \d/);
  t.regex(metrics.text, /snapvm_quota_refusals_total\{tenant="acme",quota="concurrent"\} \d/);
  t.regex(
    metrics.text,
    /snapvm_http_requests_total\{method="POST",route="\/v1\/functions\/:name",status="429"\} \d/,
  );
});

test('a batch does one after the other what its tenant may not do at once', async (t) => {
  const sha256 = createHash('sha256').update('token-of-tests').digest('hex');
  const tokens = [{ name: 'tests', tenant: 'acme', roles: ['deploy'] as const, sha256 }];
  const server = await startServer(t, {
    engine: { workers: 2 },
    access: { tokens, tenants: { acme: { concurrent: 2 } } },
  });
  const token = { authorization: 'Bearer token-of-tests' };
  const body = 'export default (x) => { for (;x;); return x; };';
  await send(server, 'PUT', '/v1/functions/f?timeoutMs=60000', { headers: { ...JS, ...token }, body });
  const headers = { ...JSON_BODY, ...token };
  const stop = new AbortController();
  const busy = send(server, 'POST', '/v1/functions/f', { headers, body: '1', signal: stop.signal });
  busy.catch(() => {});
  while (server.engine.stats().pending === 0) await send(server, 'GET', '/healthz');
  // The batch begins two at a time; one of them is refused as long as the other call runs.
  const batch = await send(server, 'POST', '/v1/functions/f/batch', { headers, body: '[0,0,0,0,0]' });
  t.deepEqual(batch.json, Array(5).fill({ status: 200, result: 0 }));
  stop.abort();
});

test('a server that ends lets calls on their way end, and takes no more', async (t) => {
  const gate = new EventTarget();
  const opened = new Promise<void>((resolve) => gate.addEventListener('open', () => resolve()));
  let waiting = () => {};
  const begun = new Promise<void>((resolve) => {
    waiting = resolve;
  });
  const server = await startServer(t, {
    drainMs: 60_000,
    hostFunctions: {
      wait: async () => {
        waiting();
        await opened;
        return 'opened';
      },
    },
  });
  const body = 'export default () => host.wait();';
  await send(server, 'PUT', '/v1/functions/f?hostFunctions=wait&timeoutMs=60000', { headers: JS, body });
  const call = callJs(server, 'f', 0);
  await begun;
  const closing = server.close();
  const refused = await callJs(server, 'f', 0);
  t.is(problemOf(t, refused), '503 SNAPVM_SERVER_DRAINING');
  t.is(refused.headers.get('retry-after'), '1');
  t.is((await send(server, 'GET', '/readyz')).status, 503);
  t.is((await send(server, 'GET', '/healthz')).status, 200);
  gate.dispatchEvent(new Event('open'));
  t.is((await call).json, 'opened');
  await closing;
  await server.close();
  await t.throwsAsync(send(server, 'GET', '/healthz'), { any: true });
});

test('a server that ends does not wait for ever', async (t) => {
  const server = await startServer(t, { drainMs: 1 });
  await deployJs(server, 'f', 'export default () => { for (;;); };');
  const idle = new Connection(server.url);
  t.teardown(() => idle.destroy());
  idle.write('GET /healthz HTTP/1.1\r\nhost: ');
  const call = callJs(server, 'f', 0);
  while (server.engine.stats().pending === 0) await send(server, 'GET', '/healthz');
  await server.close();
  t.is(problemOf(t, await call), '503 SNAPVM_SERVER_DRAINING');
  await idle.closed();
});

test('the plugin puts the routes below a prefix of an app, which keeps its own', async (t) => {
  const engine = await startEngine(t, { workers: 1 });
  const app = fastify();
  app.addContentTypeParser('application/octet-stream', (_request, _payload, done) =>
    done(new Error('not for snapvm')),
  );
  app.post('/own', async (request) => ({ own: request.body }));
  await app.register(snapvmPlugin, { prefix: '/fn', access: false, engine, directory: freshDirectory(t) });
  t.teardown(() => app.close());
  const server = { url: await app.listen({ port: 0 }) };
  t.deepEqual((await send(server, 'POST', '/own', { headers: JSON_BODY, body: '{"a":1}' })).json, {
    own: { a: 1 },
  });
  t.is((await send(server, 'GET', '/v1/functions')).json.error, 'Not Found'); // the app's own answer
  const deployed = await send(server, 'PUT', '/fn/v1/functions/f', {
    headers: JS,
    body: 'export default (x) => x;',
  });
  t.is(deployed.status, 201, deployed.text);
  const octets = { headers: { 'content-type': 'application/octet-stream' }, body: new Uint8Array([1]) };
  t.is((await send(server, 'POST', '/fn/v1/functions/f', octets)).bytes.join(), '1');
  const taken = await send(server, 'POST', '/fn/v1/functions/f/async', octets);
  t.is(taken.headers.get('location'), `/fn/v1/calls/${taken.json.id}`);
  t.is(problemOf(t, await send(server, 'GET', '/fn/none')), '404 SNAPVM_SERVER_UNKNOWN');
  t.true('/fn/v1/functions/{name}' in (await send(server, 'GET', '/fn/openapi.json')).json.paths);
  await app.close();
  await engine.define('still', { js: 'export default () => 1;' }); // an engine of the caller's goes on
});

test('options are checked before anything is started', async (t) => {
  const refused = async (options: object): Promise<string> => {
    const error = await t.throwsAsync(createServer({ ...options, logger: false } as object));
    return `${(error as { code?: string }).code}: ${error?.message}`;
  };
  t.regex(await refused({ prot: 1 }), /^SNAPVM_CONFIG_UNKNOWN: .*"port"/);
  t.regex(await refused({ port: 65_536 }), /^SNAPVM_CONFIG_VALUE: port/);
  t.regex(await refused({ host: 'example.com' }), /^SNAPVM_CONFIG_VALUE: access/);
  t.regex(await refused({ engine: { store: '/x' } }), /^SNAPVM_CONFIG_VALUE: engine\.store/);
  t.regex(await refused({ hostFunctions: 1 }), /^SNAPVM_CONFIG_VALUE: hostFunctions/);
  for (const name of ['bodyBytes', 'resultsSeconds', 'drainMs', 'maxDefined'])
    t.regex(await refused({ [name]: -1 }), new RegExp(`^SNAPVM_CONFIG_VALUE: ${name}`));
  const server = await startServer(t);
  const { port } = new URL(server.url);
  const directory = freshDirectory(t);
  t.regex(await refused({ port: Number(port), directory }), /^SNAPVM_CONFIG_VALUE: .*EADDRINUSE/);
  const again = await startServer(t, { directory }); // nothing of the one before has it
  t.regex(await refused({ port: 0, directory }), /^SNAPVM_SERVER_DIRECTORY: /);
  await again.close();
});

test('a package that is not installed is named, with the command that installs it', async (t) => {
  const hooks = `
    export async function resolve(name, context, next) {
      if (name === 'tar-stream') throw Object.assign(new Error("Cannot find package 'tar-stream' imported from x"), { code: 'ERR_MODULE_NOT_FOUND' });
      return next(name, context);
    }
  `;
  const code = `
    import { register } from 'node:module';
    register(${JSON.stringify(`data:text/javascript,${encodeURIComponent(hooks)}`)});
    const { createServer } = await import(${JSON.stringify(SERVER)});
    await createServer({ port: 0 }).catch((error) => console.log(error.code, error.details.package, error.message));
  `;
  const { stdout, stderr } = await runModule(code);
  t.regex(stdout, /^SNAPVM_SERVER_PACKAGES tar-stream .*npm install/, stderr);
});

test('a request that has no route is a problem', async (t) => {
  const server = await startServer(t);
  for (const [method, path] of [
    ['GET', '/nothing'],
    ['GET', '/v1'],
    ['PATCH', '/v1/functions/f'],
    ['POST', '/v1/functions/a/b/c'],
  ] as const)
    t.is(problemOf(t, await send(server, method, path)), '404 SNAPVM_SERVER_UNKNOWN', path);
  t.regex(
    await exchange(t, server, 'GET /%zz HTTP/1.1\r\nhost: localhost\r\n\r\n'),
    /^HTTP\/1\.1 400 .*SNAPVM_SERVER_REQUEST/s,
  );
});
