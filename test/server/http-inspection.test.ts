// What a function wrote, and the memory its calls start from, over HTTP.
import test from 'ava';
import { newToken } from '../../src/server/access/tokens.js';
import { Connection, callJs, deployJs, problemOf, send, startServer } from '../support/http-server.js';

const LOGS = '/v1/functions/talk/logs';
const MEMORY = '/v1/functions/talk/memory';
const TALK = 'export default (x) => { console.log("said " + x); console.error("<b>" + x); return x; };';

function follow(url: string): Connection {
  const connection = new Connection(url);
  connection.write(`GET ${LOGS}?follow=1 HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n`);
  return connection;
}

test('the lines of a function are there when its call has ended, with the id of the request', async (t) => {
  const server = await startServer(t);
  await deployJs(server, 'talk', TALK);
  t.deepEqual((await send(server, 'GET', LOGS)).json, { lines: [] });
  await callJs(server, 'talk', 'A', { 'x-request-id': 'first', 'snapvm-fn': 'default' });
  await callJs(server, 'talk', 'B', { 'x-request-id': 'second' });
  const { status, json } = await send(server, 'GET', LOGS);
  t.is(status, 200);
  t.deepEqual(
    json.lines.map(({ level, text, requestId }: Record<string, string>) => [level, text, requestId]),
    [
      ['info', 'said A', 'first'],
      ['error', '<b>A', 'first'],
      ['info', 'said B', 'second'],
      ['error', '<b>B', 'second'],
    ],
  );
  t.is(json.lines[0].fn, 'default');
  t.regex(json.lines[0].time, /^20\d\d-\d\d-\d\dT[\d:.]+Z$/);
});

test('who follows gets what was kept, then what comes, and the end', async (t) => {
  const server = await startServer(t);
  await deployJs(server, 'talk', TALK);
  await callJs(server, 'talk', 'A');
  const reader = follow(server.url);
  t.teardown(() => reader.destroy());
  const head = await reader.until(/"text":"<b>A"/);
  t.regex(head, /^HTTP\/1\.1 200 OK\r\n/);
  t.regex(head, /content-type: text\/event-stream/);
  t.regex(head, /x-request-id: /);
  await callJs(server, 'talk', 'B');
  t.regex(
    await reader.until(/"text":"said B"/),
    /event: line\ndata: \{"time":"[^"]+","level":"info","text":"said B"/,
  );
  await send(server, 'DELETE', '/v1/functions/talk');
  t.regex(await reader.until(/event: end\n.*\n/), /event: end\ndata: \{"dropped":false\}\n/);
});

test('a follower that hangs up makes room, and one that stays does not hold up the end', async (t) => {
  const server = await startServer(t, { drainMs: 3_600_000 });
  await deployJs(server, 'talk', TALK);
  const readers = Array.from({ length: 32 }, () => follow(server.url));
  t.teardown(() => readers.forEach((reader) => void reader.destroy()));
  for (const reader of readers) await reader.until(/\r\n\r\n/);
  t.is(problemOf(t, await send(server, 'GET', `${LOGS}?follow=1`)), '429 SNAPVM_SERVER_QUOTA');
  const metrics = (await send(server, 'GET', '/metrics')).text;
  t.regex(metrics, /^snapvm_quota_refusals_total\{tenant="default",quota="logFollowers"\} 1$/m);
  readers[0]?.destroy();
  let text = '';
  do {
    const another = follow(server.url);
    readers.push(another);
    text = await another.until(/\r\n\r\n/);
  } while (/ 429 /.test(text.split('\n', 1)[0] ?? ''));
  t.regex(text, /^HTTP\/1\.1 200 /);
  await server.close();
  t.regex((await readers[1]?.closed()) ?? '', /event: end/);
});

test('the memory map has what every call starts from, version by version', async (t) => {
  const server = await startServer(t);
  const first = (await deployJs(server, 'talk', TALK)).json;
  const second = (
    await deployJs(server, 'talk', `${TALK}\nexport const big = new Uint8Array(500000).fill(1);`)
  ).json;
  const { status, json } = await send(server, 'GET', MEMORY);
  t.is(status, 200);
  t.like(json, { name: 'talk', version: second.version, revision: 2 });
  t.like((await send(server, 'GET', `${MEMORY}?version=1`)).json, { version: first.version, revision: 1 });
  const names = json.regions.map(({ name }: { name: string }) => name);
  for (const name of ['code', 'heap', 'stack', 'input', 'output']) t.true(names.includes(name), name);
  for (const { gpa, gva, bytes, rights, ring } of json.regions) {
    t.regex(gpa, /^0x[0-9a-f]+$/);
    t.regex(gva, /^0x[0-9a-f]+$/);
    t.true(bytes > 0 && bytes % 4096 === 0);
    t.regex(rights, /^[r-][w-][x-]$/);
    t.false(rights === 'rwx' && ring === 3, 'a page that is written and run');
  }
  t.true(json.pageTables.tables > 0 && json.pageTables.pages[0].count > 0);
  t.true(json.snapshotBytes.own > 0);
});

test('both need the role deploy, and a function that there is', async (t) => {
  const [call, deploy] = [newToken(), newToken()];
  const server = await startServer(t, {
    access: {
      tokens: [
        { name: 'call', tenant: 'acme', roles: ['call'], sha256: call.sha256 },
        { name: 'deploy', tenant: 'acme', roles: ['deploy'], sha256: deploy.sha256 },
      ],
    },
  });
  const as = (token: string): { headers: Record<string, string> } => ({
    headers: { authorization: `Bearer ${token}` },
  });
  for (const path of [LOGS, `${LOGS}?follow=1`, MEMORY]) {
    t.is(problemOf(t, await send(server, 'GET', path)), '401 SNAPVM_SERVER_UNAUTHORIZED');
    t.is(problemOf(t, await send(server, 'GET', path, as(call.token))), '403 SNAPVM_SERVER_FORBIDDEN');
    t.is(problemOf(t, await send(server, 'GET', path, as(deploy.token))), '404 SNAPVM_SERVER_UNKNOWN');
  }
});
