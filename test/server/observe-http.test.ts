// Tokens, quotas, metrics, spans and logs, as those who run a server see them.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import test, { type ExecutionContext } from 'ava';
import { newToken } from '../../src/server/access/tokens.js';
import { createServer, type TenantQuota } from '../../src/server/index.js';
import { find, register, spans, unregister } from '../support/spans.js';

const TOKENS = { call: newToken(), deploy: newToken(), admin: newToken(), other: newToken() };
const SOURCE = `
export default async (x) => { console.warn('got ' + x); return (await host.double(x)) + 1; };
export const fail = () => { throw new RangeError('no such luck'); };
`;

interface Started {
  /** Lines of the server's log. */
  readonly lines: readonly Record<string, unknown>[];
  send(method: string, path: string, given?: Given): Promise<Response>;
}

interface Given {
  readonly as?: keyof typeof TOKENS;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

async function start(t: ExecutionContext, quota: TenantQuota = {}): Promise<Started> {
  const directory = mkdtempSync(join(tmpdir(), 'snapvm-observe-'));
  const lines: Record<string, unknown>[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      for (const line of chunk.toString().trim().split('\n'))
        lines.push(JSON.parse(line) as Record<string, unknown>);
      done();
    },
  });
  const token = (name: 'call' | 'deploy' | 'admin') => ({
    name,
    tenant: 'acme',
    roles: [name],
    sha256: TOKENS[name].sha256,
  });
  const server = await createServer({
    directory,
    port: 0,
    engine: { workers: 1 },
    hostFunctions: { double: (_input, { args: [x] }) => 2 * Number(x) },
    logger: { level: 'trace', stream },
    access: {
      tokens: [
        token('call'),
        token('deploy'),
        token('admin'),
        { name: 'other', tenant: 'globex', roles: ['admin'], sha256: TOKENS.other.sha256 },
      ],
      tenants: { acme: quota, globex: {} },
    },
  });
  t.teardown(async () => {
    await server.close();
    rmSync(directory, { recursive: true });
  });
  const send: Started['send'] = (method, path, { as = 'call', body, headers } = {}) =>
    fetch(server.url + path, {
      method,
      headers: { authorization: `Bearer ${TOKENS[as].token}`, ...headers },
      ...(body !== undefined && { body }),
    });
  const deployed = await send('PUT', '/v1/functions/greet?hostFunctions=double', {
    as: 'deploy',
    body: SOURCE,
    headers: { 'content-type': 'text/javascript' },
  });
  t.is(deployed.status, 201, await deployed.text());
  return { lines, send };
}

function call(x: number, headers: Readonly<Record<string, string>> = {}): Given {
  return { body: JSON.stringify(x), headers: { 'content-type': 'application/json', ...headers } };
}

test.afterEach.always(unregister);

test.serial(
  'a call is a span of its request’s trace, with the host function below it, and a line of the log',
  async (t) => {
    register();
    const { lines, send } = await start(t);
    spans.length = 0;
    const answer = await send('POST', '/v1/functions/greet', {
      ...call(20, {
        traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
        'x-request-id': 'request-7',
      }),
    });
    t.is(await answer.text(), '41');
    t.is(answer.headers.get('x-request-id'), 'request-7');
    const [request, run, host] = [
      find('POST /v1/functions/:name'),
      find('snapvm.call'),
      find('snapvm.host double'),
    ];
    t.is(request.parent?.spanId, '00f067aa0ba902b7');
    t.is(run.parent?.spanId, request.spanContext().spanId);
    t.is(host.parent?.spanId, run.spanContext().spanId);
    t.is(request.attributes['snapvm.request_id'], 'request-7');
    t.like(run.attributes, { 'snapvm.tenant': 'acme', 'snapvm.function': 'greet' });
    t.is(run.attributes['snapvm.version'], answer.headers.get('snapvm-version') ?? '');
    t.is(run.ends, 1);

    const line = lines.find(({ msg }) => msg === 'got 20');
    t.like(line, { level: 40, tenant: 'acme', function: 'greet', requestId: 'request-7' });
  },
);

test.serial('metrics are for the role admin, and count what was called, refused and answered', async (t) => {
  const { send } = await start(t, { callsPerSecond: 0.001, functions: 1 });
  t.is((await send('POST', '/v1/functions/greet', call(1))).status, 200);
  const refused = await send('POST', '/v1/functions/greet', call(2));
  t.is(refused.status, 429);
  t.is(((await refused.json()) as { code: string }).code, 'SNAPVM_SERVER_QUOTA');
  const seconds = Number(refused.headers.get('retry-after'));
  t.true(seconds > 900 && seconds <= 1000);
  t.is((await send('POST', '/v1/functions/greet', { ...call(1), as: 'other' })).status, 404); // not its tenant's

  const another = { as: 'deploy', body: SOURCE, headers: { 'content-type': 'text/javascript' } } as const;
  t.is((await send('PUT', '/v1/functions/another', another)).status, 429);

  t.is((await send('GET', '/metrics', { as: 'deploy' })).status, 403);
  t.is((await send('GET', '/metrics', { headers: { authorization: 'Bearer x' } })).status, 401);
  const metrics = await send('GET', '/metrics', { as: 'admin' });
  t.regex(metrics.headers.get('content-type') ?? '', /^text\/plain; version=0\.0\.4/);
  const text = await metrics.text();
  const has = (line: string): void => {
    t.true(text.includes(`\n${line}\n`), `${line} in ${text}`);
  };
  has('snapvm_calls_total{tenant="acme",function="greet",outcome="ok"} 1');
  has('snapvm_quota_refusals_total{tenant="acme",quota="callsPerSecond"} 1');
  has('snapvm_quota_refusals_total{tenant="acme",quota="functions"} 1');
  has('snapvm_http_requests_total{method="POST",route="/v1/functions/:name",status="200"} 1');
  has('snapvm_http_requests_total{method="POST",route="/v1/functions/:name",status="429"} 1');
  has('snapvm_http_requests_total{method="GET",route="/metrics",status="403"} 1');
  has('snapvm_host_calls_total 1');
  t.false(text.includes('globex'));
});

test.serial('what a function threw is counted by its code', async (t) => {
  const { send } = await start(t);
  const failed = await send('POST', '/v1/functions/greet', call(1, { 'snapvm-fn': 'fail' }));
  t.is(failed.status, 422);
  const text = await (await send('GET', '/metrics', { as: 'admin' })).text();
  t.true(text.includes('\nsnapvm_calls_total{tenant="acme",function="greet",outcome="function"} 1\n'));
  t.true(text.includes('\nsnapvm_errors_total{tenant="acme",function="greet",code="SNAPVM_JS_ERROR"} 1\n'));
});

test.serial('a role below the one that is needed is refused, and so is what is no token', async (t) => {
  const { send } = await start(t);
  const remove = await send('DELETE', '/v1/functions/greet');
  t.is(remove.status, 403);
  t.is(((await remove.json()) as { code: string }).code, 'SNAPVM_SERVER_FORBIDDEN');
  const nobody = await send('POST', '/v1/functions/greet', {
    ...call(1),
    headers: { authorization: 'Basic x' },
  });
  t.is(nobody.status, 401);
  t.is(nobody.headers.get('www-authenticate'), 'Bearer');
  t.is((await send('DELETE', '/v1/functions/greet', { as: 'admin' })).status, 204);
});
