// What hostile clients send: on sockets of their own, byte by byte.
import { createHash } from 'node:crypto';
import type { Socket } from 'node:net';
import test, { type ExecutionContext } from 'ava';
import type { SnapvmServer } from '../../src/server/index.js';
import { eventually } from '../support/engine.js';
import {
  Connection,
  callJs,
  deployJs,
  exchange,
  problemOf,
  send,
  startServer,
} from '../support/http-server.js';

const FORM_START = '--x\r\ncontent-disposition: form-data; name="source"\r\n\r\n';
const HOST = 'host: 127.0.0.1\r\n';

test('a body that is too large is refused before it is sent', async (t) => {
  const server = await startServer(t, { bodyBytes: 1000 });
  await deployJs(server, 'f', 'export default (x) => x;');
  const head = `POST /v1/functions/f HTTP/1.1\r\n${HOST}content-type: application/json\r\n`;
  for (const path of ['f', 'f/batch', 'f/async', 'f/aliases/x']) {
    const method = path.endsWith('x') ? 'PUT' : 'POST';
    const start = `${method} /v1/functions/${path} HTTP/1.1\r\n${HOST}content-type: application/json\r\n`;
    const refused = await exchange(t, server, `${start}content-length: 1073741824\r\n\r\n`);
    t.regex(refused, /^HTTP\/1\.1 413 .*"code":"SNAPVM_SERVER_TOO_LARGE"/s, path);
  }
  const put = `PUT /v1/functions/f HTTP/1.1\r\n${HOST}content-length: 1073741824\r\n`;
  const form = `${put}content-type: multipart/form-data; boundary=x\r\n\r\n`;
  t.regex(await exchange(t, server, form), /^HTTP\/1\.1 413 /);
  const asked = await exchange(t, server, `${head}expect: 100-continue\r\ncontent-length: 1001\r\n\r\n`);
  t.regex(asked, /^HTTP\/1\.1 413 /); // and not 100
  const chunk = `3e8\r\n${' '.repeat(1000)}\r\n`;
  const endless = await exchange(t, server, `${head}transfer-encoding: chunked\r\n\r\n${chunk}${chunk}`);
  t.regex(endless, /^HTTP\/1\.1 413 /);
  t.is((await callJs(server, 'f', 1)).json, 1);
});

test('a client that waits for it is told to send its body', async (t) => {
  const server = await startServer(t);
  await deployJs(server, 'f', 'export default (x) => x;');
  const connection = new Connection(server.url);
  t.teardown(() => connection.destroy());
  connection.write(
    `POST /v1/functions/f HTTP/1.1\r\n${HOST}content-type: application/json\r\nexpect: 100-continue\r\ncontent-length: 3\r\n\r\n`,
  );
  t.is(await connection.until(/\r\n\r\n/), 'HTTP/1.1 100 Continue\r\n\r\n');
  connection.write('"a"');
  t.regex(await connection.until(/"a"/), /HTTP\/1\.1 200 OK/);
});

test('a body that is shorter than it says ends with its connection, and holds nothing', async (t) => {
  const server = await startServer(t, { bodyBytes: 100 });
  await deployJs(server, 'f', 'export default (x) => x;');
  const bodies = [
    `POST /v1/functions/f HTTP/1.1\r\n${HOST}content-type: application/json\r\ncontent-length: 90\r\n\r\n${'x'.repeat(89)}`,
    `PUT /v1/functions/f HTTP/1.1\r\n${HOST}content-type: multipart/form-data; boundary=x\r\ncontent-length: 90\r\n\r\n${FORM_START.padEnd(89, 'x')}`,
  ];
  // More than all bodies together may have: it is given back.
  for (let round = 0; round < 20; round++) {
    for (const data of bodies) {
      const connection = new Connection(server.url);
      connection.socket.end(data);
      await connection.closed();
    }
  }
  // As large as one may be: what the others held would leave no room for it.
  const most = 'b'.repeat(98);
  t.is((await callJs(server, 'f', most)).json, most);
});

test('a form that is cut short or has no boundary is refused', async (t) => {
  const server = await startServer(t);
  const put = async (type: string, body: string) =>
    problemOf(t, await send(server, 'PUT', '/v1/functions/f', { headers: { 'content-type': type }, body }));
  const part =
    '--x\r\ncontent-disposition: form-data; name="source"; filename="a"\r\ncontent-type: text/javascript\r\n\r\n';
  t.is(await put('multipart/form-data', `${part}export default 1\r\n--x--`), '400 SNAPVM_SERVER_REQUEST');
  t.is(
    await put('multipart/form-data; boundary=x', `${part}export default () => 1`),
    '400 SNAPVM_SERVER_REQUEST',
  );
  t.is(await put('multipart/form-data; boundary=x', 'nothing of the kind'), '400 SNAPVM_SERVER_REQUEST');
  t.is(await put('multipart/form-data; boundary=x', '--x--'), '400 SNAPVM_SERVER_REQUEST');
  const many = Array.from({ length: 10 }, (_, n) => part.replace('source', `s${n}`)).join('x\r\n');
  t.is(await put('multipart/form-data; boundary=x', `${many}x\r\n--x--`), '400 SNAPVM_SERVER_REQUEST');
  t.is((await send(server, 'GET', '/healthz')).status, 200);
});

test('what is no HTTP gets a problem, and its connection is closed', async (t) => {
  const server = await startServer(t);
  for (const data of [
    'NONSENSE\r\n\r\n',
    `GET / HTTP/1.1\r\n${HOST}content-length: -1\r\n\r\n`,
    '\x16\x03\x01\x02',
  ]) {
    const connection = new Connection(server.url);
    t.teardown(() => connection.destroy());
    connection.write(data);
    if (data.startsWith('\x16')) connection.write('\r\n\r\n');
    t.regex(
      await connection.closed(),
      /^HTTP\/1\.1 400 .*application\/problem\+json.*SNAPVM_SERVER_REQUEST/s,
    );
  }
  const long = await exchange(t, server, `GET /healthz HTTP/1.1\r\n${HOST}x: ${'y'.repeat(20_000)}\r\n\r\n`);
  t.regex(long, /^HTTP\/1\.1 431 /);
  const smuggled = `POST /v1/functions/f HTTP/1.1\r\n${HOST}content-length: 4\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`;
  t.regex(await exchange(t, server, smuggled), /^HTTP\/1\.1 400 /);
});

test('rubbish behind a request puts nothing into the answer to that', async (t) => {
  const server = await startServer(t);
  await deployJs(server, 'f', 'export default (x) => x;');
  const connection = new Connection(server.url);
  t.teardown(() => connection.destroy());
  connection.write(`GET /v1/functions/f/logs?follow=1 HTTP/1.1\r\n${HOST}\r\n`);
  await connection.until(/\r\n\r\n/);
  connection.write('NONSENSE\r\n\r\n');
  const text = await connection.closed();
  t.is(text.split('HTTP/1.1').length, 2, text);
});

test('nothing that clients and guests say makes a line of the log', async (t) => {
  const lines: string[] = [];
  const stream = { write: (line: string) => void lines.push(line) };
  const server = await startServer(t, { logger: { level: 'trace', stream } });
  const forged = '\n{"level":60,"msg":"forged"}\r\n\u2028\u001b[2J';
  const says = JSON.stringify(forged);
  const source = `export default () => { console.error(${says}); throw new Error(${says}); };`;
  await deployJs(server, 'f', source);
  await callJs(server, 'f', forged, { 'snapvm-fn': encodeURIComponent(forged) });
  t.is((await callJs(server, 'f', forged)).status, 422);
  await send(
    server,
    'GET',
    `/v1/functions/${encodeURIComponent(forged)}?after=${encodeURIComponent(forged)}`,
  );
  await send(server, 'GET', '/v1/functions', { headers: { 'x-request-id': '%0a{"level":60}' } });
  await exchange(t, server, `GET /v1/functions HTTP/1.1\r\n${HOST}x-request-id: a\n{"level":60}\r\n\r\n`);
  await deployJs(server, 'g', `throw new Error(${says});`);
  t.true(lines.length > 2);
  for (const line of lines) {
    t.is(line.indexOf('\n'), line.length - 1, line);
    const { level, tenant } = JSON.parse(line);
    t.true(level < 60);
    if (line.includes('forged')) t.is(tenant, 'default', line);
  }
});

test('names that leave their place are refused', async (t) => {
  const server = await startServer(t);
  const status = async (path: string) =>
    (await exchange(t, server, `POST ${path} HTTP/1.1\r\n${HOST}\r\n`)).slice(9, 12);
  for (const name of [
    '..',
    '.',
    '%2e%2e',
    '..%2f..%2fetc',
    'a%2f..',
    '%5c',
    '%00',
    '%c0%ae',
    '__proto__',
    'x'.repeat(900),
  ])
    t.is(await status(`/v1/functions/${name}`), '400', name);
  t.is(await status('/v1/functions/%zz'), '400');
  t.is(await status('/v1/functions/a/../../calls'), '404');
  t.is(await status('//v1//functions'), '404');
});

test('no header of an answer has what a client put into a header', async (t) => {
  const server = await startServer(t);
  const request = `GET /v1/functions/none HTTP/1.1\r\n${HOST}x-request-id: a\tb\r\ntraceparent: 00-zz\r\n\r\n`;
  const text = await exchange(t, server, request);
  t.regex(text, /x-request-id: [0-9a-f-]{36}\r\n/);
  t.false(text.includes('a\tb'));
  const twice = `GET /healthz HTTP/1.1\r\n${HOST}x-request-id: one\r\nx-request-id: two\r\n\r\n`;
  t.regex(await exchange(t, server, twice), /x-request-id: [0-9a-f-]{36}\r\n/);
});

test('a server without tokens answers its own machine only', async (t) => {
  const server = await startServer(t);
  const get = async (headers: string) =>
    await exchange(t, server, `GET /v1/functions HTTP/1.1\r\n${headers}\r\n`);
  const foreign = await get('host: evil.example\r\n');
  t.regex(foreign, /^HTTP\/1\.1 403 .*"title":"[^"]*another host[^"]*".*SNAPVM_SERVER_FORBIDDEN/s);
  t.regex(await get(`${HOST}origin: http://evil.example\r\n`), /^HTTP\/1\.1 403 /);
  t.regex(await get(`${HOST}origin: null\r\n`), /^HTTP\/1\.1 403 /);
  t.regex(await get('host: localhost:8080\r\norigin: http://127.0.0.1:3000\r\n'), /^HTTP\/1\.1 200 /);
  const aim = async (target: string) =>
    await exchange(t, server, `GET ${target} HTTP/1.1\r\n${HOST}connection: close\r\n\r\n`);
  for (const target of ['http://evil.example/v1/functions', 'http://127.0.0.1@evil.example/'])
    t.regex(await aim(target), /^HTTP\/1\.1 403 .*SNAPVM_SERVER_FORBIDDEN/s, target);
  t.regex(await aim('http://localhost:8080/v1/functions'), /^HTTP\/1\.1 200 /);
  await t.throwsAsync(startServer(t, { host: '0.0.0.0' }), {
    message: /^access is undefined; it must be given to listen/,
  });
});

test('a client that sends its headers slowly is cut off', async (t) => {
  const server = await startServer(t);
  const { headersTimeout, requestTimeout } = server.app.server;
  t.true(headersTimeout > 0 && headersTimeout <= 10_000);
  t.true(requestTimeout > 0 && requestTimeout <= 120_000);
  server.app.server.headersTimeout = 1; // Node looks for them every two seconds
  const connection = new Connection(server.url);
  t.teardown(() => connection.destroy());
  connection.write('GET /healthz HTTP/1.1\r\n');
  t.regex(await connection.closed(), /^HTTP\/1\.1 408 .*SNAPVM_SERVER_REQUEST/s);
});

test('bodies that one tenant holds leave room for those of others', async (t) => {
  const sha256 = (token: string): string => createHash('sha256').update(token).digest('hex');
  const tokens = ['one', 'other'].map((name) => ({
    name,
    tenant: name,
    roles: ['deploy' as const],
    sha256: sha256(name),
  }));
  const server = await startServer(t, { bodyBytes: 1000, access: { tokens } });
  const headers = (token: string) => ({
    authorization: `Bearer ${token}`,
    'content-type': 'text/javascript',
  });
  const body = `export default (x) => x; // ${'-'.repeat(800)}`;
  const put = async () => await send(server, 'PUT', '/v1/functions/f', { headers: headers('other'), body });
  t.is((await put()).status, 201);
  const held = Array.from({ length: 16 }, () => new Connection(server.url));
  for (const connection of held) {
    t.teardown(() => connection.destroy());
    const { authorization } = headers('one');
    connection.write(
      `PUT /v1/functions/f HTTP/1.1\r\n${HOST}authorization: ${authorization}\r\ncontent-type: text/javascript\r\ncontent-length: 1000\r\n\r\n${'x'.repeat(999)}`,
    );
  }
  const refused = await Promise.race(held.map((connection) => connection.until(/\}/)));
  t.regex(refused, /^HTTP\/1\.1 503 .*SNAPVM_HOST_MEMORY/s);
  t.is((await put()).status, 200);
});

test('connections are fewer than descriptors', async (t) => {
  const { maxConnections } = (await startServer(t)).app.server;
  t.true(maxConnections > 0 && maxConnections <= 10_000);
});

/** Clients that ask for an answer each and take none of it, and the server's ends of their connections. */
async function unread(t: ExecutionContext, server: SnapvmServer, count: number): Promise<Socket[]> {
  const ends: Socket[] = [];
  server.app.server.on('connection', (socket) => ends.push(socket));
  for (let turn = 0; turn < count; turn++) {
    const connection = new Connection(server.url);
    t.teardown(() => connection.destroy());
    connection.socket.pause();
    connection.write(`POST /v1/functions/large HTTP/1.1\r\n${HOST}content-length: 0\r\n\r\n`);
    t.true(await eventually(() => ends.length === turn + 1));
    t.true(
      await eventually(
        () => ends.some(({ destroyed }) => destroyed) || (ends[turn]?.writableLength ?? 0) > 0,
      ),
    );
  }
  return ends;
}

async function deployLarge(server: SnapvmServer): Promise<void> {
  const headers = { 'content-type': 'application/javascript' };
  const body = `export default () => 'x'.repeat(${LARGE})`;
  const query = `outputBytes=${LARGE + 4096}&timeoutMs=60000`;
  await send(server, 'PUT', `/v1/functions/large?${query}`, { headers, body });
}

/** More than the system takes of an answer that nobody reads. */
const LARGE = 14 * 2 ** 20;

test('who takes nothing of an answer has a minute, and nobody else', async (t) => {
  const server = await startServer(t);
  await deployLarge(server);
  const [end] = await unread(t, server, 1);
  t.true(await eventually(() => end?.timeout === 60_000));
  t.is((await callJs(server, 'large', null)).text.length, LARGE + 2);
});

test('answers that nobody reads hold no more than bodies may: the largest is cut off', async (t) => {
  const server = await startServer(t, { bodyBytes: 2 ** 20 });
  await deployLarge(server);
  const ends = await unread(t, server, 2);
  t.true(await eventually(() => ends.some(({ destroyed }) => destroyed)));
  t.is(ends.filter(({ destroyed }) => destroyed).length, 1);
  t.is((await send(server, 'GET', '/healthz')).status, 200);
});
