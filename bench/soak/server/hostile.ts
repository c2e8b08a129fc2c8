/** Clients that speak HTTP badly, or on purpose: on sockets of their own, byte by byte. */
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { HAS_PROGRAMS, type Job } from './functions.js';
import { FORGED } from './server-log.js';
import type { Life } from './server-process.js';
import { CALLER_TOKEN, tokenOf } from './tenants.js';
import { LOST, type Visitor } from './visitor.js';

const SECRET = `authorization: Bearer ${tokenOf('steady')}\r\n`;
const HEAD = `host: 127.0.0.1\r\n${SECRET}`;
const BYTES = 'content-type: application/octet-stream\r\n';
const FORM = 'content-type: multipart/form-data; boundary=x\r\n';
const MOST_MS = 60_000;
/** A body that is cut off in its middle. */
const HALF = `content-length: 200000\r\n\r\n${'x'.repeat(100_000)}`;
const PART =
  '--x\r\ncontent-disposition: form-data; name="source"\r\ncontent-type: text/javascript\r\n\r\nexport default 1;';

const call = (name: string, more: string): string =>
  `POST /v1/functions/${name} HTTP/1.1\r\n${HEAD}${BYTES}${more}`;
const put = (more: string): string => `PUT /v1/functions/broken HTTP/1.1\r\n${HEAD}${more}`;
const get = (path: string, headers = HEAD): string => `GET ${path} HTTP/1.1\r\n${headers}\r\n`;
/** What asks for the connection to be closed, so that all of the answer is there with its end. */
const last = (path: string, method = 'GET', more = HEAD): string =>
  `${method} ${path} HTTP/1.1\r\nconnection: close\r\n${more}\r\n`;

/** Those that hang up. Nothing is expected of the server but that it goes on. */
const HANG_UPS: readonly (readonly [kind: string, sent: string])[] = [
  ['in mid-body', call('echo', HALF)],
  ['in mid-body, chunked', call('echo', `transfer-encoding: chunked\r\n\r\nfff\r\n${'x'.repeat(1000)}`)],
  ['in a deployment', put(`content-type: text/javascript\r\n${HALF}`)],
  ['in a form', put(`${FORM}content-length: 100000\r\n\r\n${PART}`)],
  [
    'in a batch',
    `POST /v1/functions/script/batch HTTP/1.1\r\n${HEAD}content-type: application/x-ndjson\r\n${HALF}`,
  ],
  [
    'in an alias',
    `PUT /v1/functions/script/aliases/x HTTP/1.1\r\n${HEAD}content-type: application/json\r\ncontent-length: 90\r\n\r\n{`,
  ],
  ['in its headers', call('echo', 'x-half: ')],
  ['before the answer', call('crash', 'snapvm-fn: loop\r\nsnapvm-timeout-ms: 2000\r\n\r\n')],
  ['in mid-answer', call('script', 'snapvm-fn: huge\r\ncontent-length: 1\r\n\r\n1')],
];

/** Those that wait for an answer: each is to match. */
const WRONG: readonly (readonly [kind: string, sent: string, wants: RegExp])[] = [
  ['unknown route', last('/v1/nothing'), /^HTTP\/1\.1 404 .*SNAPVM_SERVER_UNKNOWN/s],
  ['unknown method', last('/v1/functions', 'PATCH'), /^HTTP\/1\.1 404 /],
  ['no token', last('/v1/functions', 'GET', 'host: a\r\n'), /^HTTP\/1\.1 401 .*www-authenticate: Bearer/is],
  [
    'bad token',
    last('/v1/functions', 'GET', 'host: a\r\nauthorization: Bearer svm_no\r\n'),
    /^HTTP\/1\.1 401 /,
  ],
  [
    'role too low',
    last('/v1/functions/echo', 'DELETE', `host: a\r\nauthorization: Bearer ${CALLER_TOKEN}\r\n`),
    /^HTTP\/1\.1 403 /,
  ],
  ['metrics without the role', last('/metrics'), /^HTTP\/1\.1 403 /],
  ...[
    '..',
    '%2e%2e%2f%2e%2e',
    'a%2fb',
    '%00',
    '%0d%0aset-cookie:%20x',
    '%ff',
    '%F0%9F%98%80',
    '-a',
    'a'.repeat(65),
  ].map(
    (name) => [`name ${name.slice(0, 12)}`, last(`/v1/functions/${name}`), /^HTTP\/1\.1 (400|404) /] as const,
  ),
  ...['__proto__', 'toString', 'hasOwnProperty'].map(
    (name) => [`name ${name}`, last(`/v1/functions/${name}`), /^HTTP\/1\.1 (400|404) /] as const,
  ),
  ['name that breaks lines', last(`/v1/functions/a%0a${FORGED}`, 'POST'), /^HTTP\/1\.1 400 /],
  [
    'id that breaks lines',
    last('/readyz', 'GET', `host: a\r\nx-request-id: a%0a"${FORGED}\r\n`),
    /^HTTP\/1\.1 200 /,
  ],
  [
    'header that breaks lines',
    last('/readyz', 'GET', `host: a\r\nx-request-id: a\n${FORGED}\r\n`),
    /^HTTP\/1\.1 400 /,
  ],
  ['query of another kind', last('/v1/functions?limit=1&limit=2'), /^HTTP\/1\.1 400 /],
  [
    'length and chunks',
    call('echo', 'content-length: 3\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n'),
    /^HTTP\/1\.1 400 /,
  ],
  ['two lengths', call('echo', 'content-length: 3\r\ncontent-length: 4\r\n\r\nabcd'), /^HTTP\/1\.1 400 /],
  ['length that is no number', call('echo', 'content-length: -1\r\n\r\n'), /^HTTP\/1\.1 400 /],
  ['rubbish', '\u0000\u0001\u0002 rubbish\r\n\r\n', /^HTTP\/1\.1 400 /],
  ['TLS', '\u0016\u0003\u0001\u0000\u00a5\u0001\u0000\u0000\u00a1\u0003\u0003', /^HTTP\/1\.1 400 /],
  ['headers too large', call('echo', `x-large: ${'x'.repeat(20_000)}\r\n\r\n`), /^HTTP\/1\.1 431 /],
  ['rubbish after a request', `${get('/readyz')}rubbish\r\n\r\n`, /^HTTP\/1\.1 (200 .*HTTP\/1\.1 )?400 /s],
  [
    'form without an end',
    put(`${FORM}connection: close\r\ncontent-length: ${PART.length}\r\n\r\n${PART}`),
    /^HTTP\/1\.1 400 /,
  ],
  [
    'form of rubbish',
    put(`${FORM}connection: close\r\ncontent-length: 7\r\n\r\nrubbish`),
    /^HTTP\/1\.1 400 /,
  ],
  ['old HTTP', `GET /readyz HTTP/1.0\r\n\r\n`, /^HTTP\/1\.1 200 /],
];
const PIPELINED = 20;

export function hostile(): readonly Job[] {
  const jobs: Job[] = [
    ...HANG_UPS.map(([kind, sent]) => ({
      kind: `hangs up ${kind}`,
      weight: 10,
      run: (visitor: Visitor) => hangUp(visitor, `hangs up ${kind}`, sent),
    })),
    ...WRONG.map(([kind, sent, wants]) => ({
      kind,
      weight: 3,
      run: (visitor: Visitor) => waitFor(visitor, kind, sent, wants),
    })),
    {
      kind: 'pipelined calls',
      weight: 8,
      run: (visitor) =>
        waitFor(
          visitor,
          'pipelined calls',
          `${call('echo', 'content-length: 3\r\n\r\nabc').repeat(PIPELINED)}${last('/readyz')}`,
          new RegExp(`^(HTTP/1\\.1 200 .*?\\r\\n\\r\\nabc){${PIPELINED}}HTTP/1\\.1 200 `, 's'),
        ),
    },
    { kind: 'slow headers', weight: 1, run: slowHeaders },
    { kind: 'slow body', weight: 3, run: slowBody },
  ];
  return HAS_PROGRAMS
    ? [
        ...jobs,
        {
          kind: 'hangs up in a stream',
          weight: 10,
          run: (visitor) =>
            hangUp(visitor, 'hangs up in a stream', call('yes?stream=1', 'content-length: 0\r\n\r\n')),
        },
      ]
    : jobs;
}

async function hangUp(visitor: Visitor, kind: string, sent: string): Promise<void> {
  const life = await visitor.server.up();
  const socket = await open(life);
  socket.write(sent, 'latin1');
  await sleep(randomInt(60));
  if (randomInt(2) === 0) socket.destroy();
  else socket.resetAndDestroy();
  visitor.tally.ended(kind, 'hung up');
}

async function waitFor(visitor: Visitor, kind: string, sent: string, wants: RegExp): Promise<void> {
  const life = await visitor.server.up();
  const socket = await open(life);
  const answered = answerOn(socket);
  socket.write(sent, 'latin1');
  settle(visitor, kind, life, await answered, wants);
}

/** They are cut off after some seconds, with an answer. */
async function slowHeaders(visitor: Visitor): Promise<void> {
  const life = await visitor.server.up();
  const socket = await open(life);
  const answered = answerOn(socket);
  socket.write('GET /readyz HTTP/1.1\r\nhost: a\r\n');
  const timer = setInterval(() => socket.write('x-more: 1\r\n'), 500);
  const answer = await answered;
  clearInterval(timer);
  settle(visitor, 'slow headers', life, answer, /^HTTP\/1\.1 408 /);
}

async function slowBody(visitor: Visitor): Promise<void> {
  const life = await visitor.server.up();
  const socket = await open(life);
  const answered = answerOn(socket);
  socket.write(call('echo', `connection: close\r\ncontent-length: 10\r\n\r\n`));
  for (let i = 0; i < 10; i++) {
    await sleep(200);
    socket.write(String(i));
  }
  settle(visitor, 'slow body', life, await answered, /^HTTP\/1\.1 200 .*0123456789$/s);
}

function settle({ tally }: Visitor, kind: string, life: Life, answer: string, wants: RegExp): void {
  if (life.isOver) {
    tally.ended(kind, LOST);
    return;
  }
  tally.ended(kind, /^HTTP\/1\.1 (\d+)/.exec(answer)?.[1] ?? 'no answer');
  if (!wants.test(answer)) tally.surprise(`${kind}: answered ${JSON.stringify(answer.slice(0, 600))}`);
  else if (new RegExp(`^${FORGED}`, 'm').test(answer.split('\r\n\r\n', 1)[0] ?? ''))
    tally.surprise(`${kind}: has a header of the client's: ${JSON.stringify(answer.slice(0, 600))}`);
}

async function open({ port }: Life): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  socket.setEncoding('latin1');
  socket.on('error', () => {}); // the server may close it at any time
  await Promise.race([once(socket, 'connect'), once(socket, 'close')]);
  return socket;
}

/** All that comes until the server closes the connection. */
async function answerOn(socket: Socket): Promise<string> {
  let text = '';
  socket.on('data', (chunk: string) => {
    text += chunk;
  });
  const timer = setTimeout(() => socket.destroy(), MOST_MS);
  if (!socket.closed) await new Promise((resolve) => socket.once('close', resolve));
  clearTimeout(timer);
  return text;
}
