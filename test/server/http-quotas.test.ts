// Quotas over HTTP: what is wanted at one time, of many functions, is counted together.
import { createHash } from 'node:crypto';
import test, { type ExecutionContext } from 'ava';
import type { SnapvmServer } from '../../src/server/index.js';
import { problemOf, type Seen, send, startServer } from '../support/http-server.js';

const TOKEN = 'a-token-of-the-tenant';
const OVER = '429 SNAPVM_SERVER_QUOTA';
const JS = 'text/javascript';

async function startWith(t: ExecutionContext, quota: object): Promise<SnapvmServer> {
  const sha256 = createHash('sha256').update(TOKEN).digest('hex');
  const tokens = [{ name: 'one', tenant: 'one', roles: ['deploy' as const], sha256 }];
  return await startServer(t, { access: { tokens, tenants: { one: quota } } });
}

async function ask(
  server: SnapvmServer,
  method: string,
  path: string,
  body?: string,
  type = JS,
): Promise<Seen> {
  const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': type };
  return await send(server, method, `/v1/functions${path}`, { headers, ...(body !== undefined && { body }) });
}

function put(server: SnapvmServer, name: string, source: string): Promise<Seen> {
  return ask(server, 'PUT', `/${name}?timeoutMs=60000`, source);
}

/** Of answers: how many are of each kind. */
function counted(t: ExecutionContext, answers: readonly Seen[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const answer of answers) {
    const kind = answer.status < 300 ? String(answer.status) : problemOf(t, answer);
    if (answer.status === 429) t.regex(answer.headers.get('retry-after') ?? '', /^[1-9]\d*$/);
    counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return counts;
}

test('of many functions that are deployed at once as many are made as there may be', async (t) => {
  const server = await startWith(t, { functions: 3 });
  const names = Array.from({ length: 12 }, (_, i) => `f${i}`);
  const answers = await Promise.all(
    names.map((name) => put(server, name, `export default () => "${name}";`)),
  );
  t.deepEqual(counted(t, answers), { 201: 3, [OVER]: 9 });
  const { functions } = (await ask(server, 'GET', '')).json as { functions: { name: string }[] };
  t.is(functions.length, 3);
  const [first = ''] = functions.map(({ name }) => name);
  t.is((await put(server, first, 'export default () => 2;')).status, 201, 'one more version is no function');
  t.is((await ask(server, 'DELETE', `/${first}`)).status, 204);
  t.is((await put(server, 'another', 'export default () => 1;')).status, 201);
});

test('sources of many functions that are deployed at once have no more bytes than they may', async (t) => {
  const server = await startWith(t, { bytes: 3500 });
  const source = `export default () => "${'x'.repeat(970)}";`;
  const names = Array.from({ length: 8 }, (_, i) => `f${i}`);
  const answers = await Promise.all(names.map((name) => put(server, name, source)));
  t.deepEqual(counted(t, answers), { 201: 3, [OVER]: 5 });
  // What was refused has left nothing that counts.
  t.is(
    (await ask(server, 'DELETE', `/${names[answers.findIndex(({ status }) => status === 201)]}`)).status,
    204,
  );
  t.is((await put(server, 'another', source)).status, 201);
});

test('calls of many functions, batches and asynchronous ones count together', async (t) => {
  const server = await startWith(t, { callsPerSecond: 1e-3 });
  for (const name of ['a', 'b']) await put(server, name, 'export default (x) => x;');
  t.is((await ask(server, 'POST', '/a', '1', 'application/json')).status, 200);
  t.is(problemOf(t, await ask(server, 'POST', '/b', '1', 'application/json')), OVER);
  const batch = await ask(server, 'POST', '/b/batch', '[1,2]', 'application/json');
  t.deepEqual(
    (batch.json as { status: number }[]).map(({ status }) => status),
    [429, 429],
  );
});
