// Asynchronous calls: taken, run, kept, cancelled, lost.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { sleep } from '../support/engine.js';
import { deployJs, freshDirectory, problemOf, type Seen, send, startServer } from '../support/http-server.js';
import { TEST_BACKEND } from '../support/sandbox.js';

const JSON_BODY = { 'content-type': 'application/json' };
const EXAMPLES = `
  export default (x) => ({ got: x });
  export const bytes = () => new Uint8Array([1, 2, 3]);
  export const nothing = () => {};
  export const fail = () => { throw new TypeError('no'); };
  export const spin = () => { for (;;); };
`;
const SERVER = new URL('../../src/server/index.js', import.meta.url).href;

interface Place {
  readonly url: string;
}

async function submit(server: Place, fn: string, body = '1', query = ''): Promise<string> {
  const headers = { ...JSON_BODY, 'snapvm-fn': fn };
  const taken = await send(server, 'POST', `/v1/functions/f/async${query}`, { headers, body });
  if (taken.status !== 202) throw new Error(taken.text);
  return taken.headers.get('location') ?? '';
}

/** The call when it is in one of the states. */
async function when(server: Place, path: string, ...states: readonly string[]): Promise<Seen> {
  for (;;) {
    const seen = await send(server, 'GET', path);
    if (seen.status !== 200 || states.includes(seen.json.state)) return seen;
    await sleep(2);
  }
}

const ended = (server: Place, path: string) => when(server, path, 'succeeded', 'failed', 'cancelled', 'lost');

test('a call is taken at once, and its result is there afterwards', async (t) => {
  const server = await startServer(t);
  await deployJs(server, 'f', EXAMPLES);
  const taken = await send(server, 'POST', '/v1/functions/f/async', { headers: JSON_BODY, body: '[1]' });
  t.is(taken.status, 202);
  t.deepEqual(taken.json, { id: taken.json.id, state: 'queued' });
  t.is(taken.headers.get('location'), `/v1/calls/${taken.json.id}`);
  const { json } = await ended(server, `/v1/calls/${taken.json.id}`);
  t.like(json, { id: taken.json.id, function: 'f', revision: 1, state: 'succeeded', result: { got: [1] } });
  t.true(json.createdAt <= json.endedAt && json.endedAt < json.expiresAt);
  t.false('tenant' in json);
  t.is((await ended(server, await submit(server, 'bytes'))).json.resultBase64, 'AQID');
  t.false('result' in (await ended(server, await submit(server, 'nothing'))).json);
  const failed = await ended(server, await submit(server, 'fail'));
  t.like(failed.json, { state: 'failed', problem: { code: 'SNAPVM_JS_ERROR', function: 'f', status: 422 } });
  const unknown = await send(server, 'POST', '/v1/functions/none/async', { headers: JSON_BODY, body: '1' });
  t.is(problemOf(t, unknown), '404 SNAPVM_SERVER_UNKNOWN');
  const bad = await send(server, 'POST', '/v1/functions/f/async', { headers: JSON_BODY, body: '{' });
  t.is(problemOf(t, bad), '400 SNAPVM_SERVER_REQUEST');
  for (const id of ['x', '..%2fformat', taken.json.id.replace(/^.{8}/, '00000000')])
    t.is(problemOf(t, await send(server, 'GET', `/v1/calls/${id}`)), '404 SNAPVM_SERVER_UNKNOWN', id);
});

test('a call runs the version that was live when it was taken', async (t) => {
  const server = await startServer(t, { engine: { workers: 2 } });
  await deployJs(server, 'f', EXAMPLES);
  const busy = await submit(server, 'spin'); // of two workers one is for others
  const path = await submit(server, 'default');
  await deployJs(server, 'f', 'export default () => "new";');
  await send(server, 'DELETE', busy);
  t.deepEqual((await ended(server, path)).json.result, { got: 1 });
});

test('a call is cancelled whether it waits or runs, and one that has ended stays', async (t) => {
  const server = await startServer(t);
  await deployJs(server, 'f', EXAMPLES);
  const done = await submit(server, 'default');
  await ended(server, done);
  t.is((await send(server, 'DELETE', done)).json.state, 'succeeded');
  const running = await submit(server, 'spin');
  await when(server, running, 'running');
  const waiting = await submit(server, 'default');
  t.is((await send(server, 'GET', waiting)).json.state, 'queued');
  for (const path of [waiting, running]) {
    const cancelled = await send(server, 'DELETE', path);
    t.is(cancelled.status, 200);
    t.is(cancelled.json.state, 'cancelled');
    t.is((await send(server, 'GET', path)).json.state, 'cancelled');
  }
  t.is(server.engine.stats().pending, 0);
  t.deepEqual((await ended(server, await submit(server, 'default'))).json.result, { got: 1 });
});

test('results outlive a restart, and what is no result is moved aside', async (t) => {
  const directory = freshDirectory(t);
  const first = await startServer(t, { directory });
  await deployJs(first, 'f', EXAMPLES);
  const path = await submit(first, 'default');
  const before = await ended(first, path);
  await first.close();
  writeFileSync(join(directory, 'calls', '00000000-0000-0000-0000-000000000000.json'), '[{"id":1},\n{}]');
  const second = await startServer(t, { directory });
  t.deepEqual((await send(second, 'GET', path)).json, before.json);
  t.is((await send(second, 'GET', '/readyz')).json.problems, 1);
  t.deepEqual(readdirSync(join(directory, 'calls')).filter((name) => name.endsWith('.bad')).length, 1);
});

test('results expire, and their files with them', async (t) => {
  const directory = freshDirectory(t);
  const server = await startServer(t, { directory, resultsSeconds: 1 });
  await deployJs(server, 'f', EXAMPLES);
  const path = await submit(server, 'default');
  let seen = await send(server, 'GET', path);
  while (seen.status === 200) {
    await sleep(20);
    seen = await send(server, 'GET', path);
  }
  t.is(problemOf(t, seen), '404 SNAPVM_SERVER_UNKNOWN');
  await server.close();
  await (await startServer(t, { directory })).close();
  t.deepEqual(readdirSync(join(directory, 'calls')), []);
});

test('what has not ended when the server closes, or is killed, is lost', async (t) => {
  const directory = freshDirectory(t);
  const closed = await startServer(t, { directory, drainMs: 0 });
  await deployJs(closed, 'f', EXAMPLES);
  const paths = [await submit(closed, 'spin'), await submit(closed, 'default')];
  await closed.close();

  const { child, url } = await startChild(t, directory);
  for (const path of paths) t.is((await send({ url }, 'GET', path)).json.state, 'lost');
  const killed = [await submit({ url }, 'spin'), await submit({ url }, 'default')];
  await when({ url }, killed[0] ?? '', 'running');
  child.kill('SIGKILL');
  await once(child, 'exit');

  const again = await startServer(t, { directory });
  for (const path of killed) {
    const { json } = await send(again, 'GET', path);
    t.is(json.state, 'lost');
    t.true(json.endedAt < json.expiresAt);
  }
  t.deepEqual((await ended(again, await submit(again, 'default'))).json.result, { got: 1 });
});

test('tenants do not see calls of each other', async (t) => {
  const directory = freshDirectory(t);
  const token = (name: string) => ({ authorization: `Bearer ${name.repeat(8)}` });
  const { createHash } = await import('node:crypto');
  const sha256 = (name: string) => createHash('sha256').update(name.repeat(8)).digest('hex');
  const tokens = ['alice', 'bobby'].map((name) => ({
    name,
    tenant: name,
    roles: ['deploy'] as const,
    sha256: sha256(name),
  }));
  const server = await startServer(t, { directory, access: { tokens } });
  const headers = { 'content-type': 'application/javascript', ...token('alice') };
  await send(server, 'PUT', '/v1/functions/f?timeoutMs=60000', { headers, body: EXAMPLES });
  const taken = await send(server, 'POST', '/v1/functions/f/async', { headers: token('alice') });
  const path = taken.headers.get('location') ?? '';
  for (const method of ['GET', 'DELETE'])
    t.is(
      problemOf(t, await send(server, method, path, { headers: token('bobby') })),
      '404 SNAPVM_SERVER_UNKNOWN',
    );
  t.is((await send(server, 'GET', path, { headers: token('alice') })).status, 200);
  t.is(problemOf(t, await send(server, 'GET', path)), '401 SNAPVM_SERVER_UNAUTHORIZED');
});

/** A server in a process of its own. */
async function startChild(
  t: ExecutionContext,
  directory: string,
): Promise<{ child: ChildProcess; url: string }> {
  const code = `
    import { createServer } from ${JSON.stringify(SERVER)};
    const { url } = await createServer({ port: 0, logger: false, engine: { workers: 1 }, directory: process.argv[1] });
    console.log(url);
  `;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code, directory], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, SNAPVM_BACKEND: TEST_BACKEND },
  });
  t.teardown(() => child.kill('SIGKILL'));
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return { child, url: line.toString().trim() };
}

test('a call that waits does not run what its function was replaced by', async (t) => {
  let free = (): void => {};
  const held = new Promise<string>((resolve) => {
    free = () => resolve('free');
  });
  const server = await startServer(t, { hostFunctions: { wait: () => held } });
  const headers = { 'content-type': 'application/javascript' };
  const body = 'export default async () => await host.wait();';
  await send(server, 'PUT', '/v1/functions/g?timeoutMs=60000&hostFunctions=wait', { headers, body });
  await deployJs(server, 'f', EXAMPLES);
  const first = await send(server, 'POST', '/v1/functions/g/async');
  await when(server, first.headers.get('location') ?? '', 'running');
  const waiting = await submit(server, 'nothing');
  t.is((await send(server, 'GET', waiting)).json.state, 'queued');
  t.is((await send(server, 'DELETE', '/v1/functions/f')).status, 204);
  const again = await deployJs(server, 'f', 'export const nothing = () => "another one";');
  t.is(again.json.revision, 1);
  free();
  const { json } = await ended(server, waiting);
  t.like(json, { state: 'failed', problem: { code: 'SNAPVM_SERVER_UNKNOWN', status: 404 } });
});
