// `?stream=1`: what a Linux program writes is sent as it is written.

import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import type { ExecutionContext } from 'ava';
import { eventually } from '../support/engine.js';
import { deployJs, problemOf, send, startServer } from '../support/http-server.js';
import { cProgram } from '../support/linux-build.js';
import { testWith } from '../support/test-with.js';

const PROGRAM = cProgram('writes', 'glibc');
const ECHO = '/v1/functions/writes';

async function start(t: ExecutionContext, program: string, policy = 'timeoutMs=60000') {
  const server = await startServer(t);
  const { status, text } = await send(server, 'PUT', `${ECHO}?${policy}`, {
    headers: { 'content-type': 'application/vnd.snapvm.linux+elf' },
    body: readFileSync(program),
  });
  t.is(status, 201, text);
  return server;
}

function testStream(title: string, body: (t: ExecutionContext, program: string) => Promise<void>): void {
  testWith(PROGRAM, title, (t, build) => body(t, build()));
}

/** A request whose answer is read as it comes. */
async function open(
  url: string,
  path: string,
  headers: Readonly<Record<string, string>>,
  body = '',
): Promise<IncomingMessage> {
  const sent = httpRequest(url + path, { method: 'POST', headers });
  sent.end(body);
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  return answer;
}

testStream('bytes come as they are written, and the exit code behind them', async (t, program) => {
  const { url } = await start(t, program);
  const answer = await open(url, `${ECHO}?stream=1`, {}, 'abc');
  t.is(answer.statusCode, 200);
  t.is(answer.headers['content-type'], 'application/octet-stream');
  t.regex(String(answer.headers['snapvm-version']), /^[0-9a-f]{64}$/);
  t.truthy(answer.headers['x-request-id']);
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk as Buffer);
  t.is(Buffer.concat(chunks).toString(), '> abc');
  t.is(answer.trailers['snapvm-exit-code'], '3');
});

testStream('events say what came from where, and how it ended', async (t, program) => {
  const server = await start(t, program);
  const headers = { accept: 'text/event-stream' };
  const { text, headers: got } = await send(server, 'POST', `${ECHO}?stream=true`, { headers, body: 'xy' });
  t.is(got.get('content-type'), 'text/event-stream');
  const events = text.split('\n\n').filter((event) => event !== '');
  const said = events.map((event) => {
    const [, name = '', data = ''] = /^event: (\w+)\ndata: (.*)$/.exec(event) ?? [];
    const { base64, ...rest } = JSON.parse(data);
    return [name, base64 === undefined ? rest : Buffer.from(base64, 'base64').toString()];
  });
  const output = said.flatMap(([name, what]) => (name === 'stdout' ? [what] : []));
  t.is(output.join(''), '> xy');
  t.deepEqual(said.slice(-2), [
    ['stderr', 'done'],
    ['end', { exitCode: 3 }],
  ]);
});

testStream(
  'what was written arrives though the program goes on, and a limit is a problem then',
  async (t, program) => {
    const { url } = await start(t, program);
    const headers = { accept: 'text/event-stream', 'snapvm-args': '["spin"]' };
    const stop = await open(url, `${ECHO}?stream=1`, headers);
    const [first] = (await once(stop, 'data')) as [Buffer];
    t.regex(first.toString(), /^event: stdout\ndata: \{"base64":"YmVmb3Jl"\}/);
    stop.destroy(); // a client that hangs up stops the program
    let text = '';
    for await (const chunk of await open(url, `${ECHO}?stream=1`, { ...headers, 'snapvm-timeout-ms': '200' }))
      text += chunk;
    t.regex(text, /event: problem\ndata: \{.*"code":"SNAPVM_CALL_TIMEOUT"/);
  },
);

testStream('bytes that break off are no answer that has ended', async (t, program) => {
  const { url } = await start(t, program);
  const headers = { 'snapvm-args': '["spin"]', 'snapvm-timeout-ms': '200' };
  const answer = await open(url, `${ECHO}?stream=1`, headers);
  const read = async (): Promise<void> => {
    for await (const _ of answer);
  };
  await t.throwsAsync(read(), { message: /aborted/ });
  t.false(answer.complete);
});

testStream('a reader that stops reading stops the program, and its limit ends it', async (t, program) => {
  const server = await start(t, program, 'timeoutMs=60000&outputBytes=131072');
  const headers = { 'snapvm-args': '["much","100000"]', 'snapvm-timeout-ms': '1500' };
  const before = process.memoryUsage().rss;
  const answer = await open(server.url, `${ECHO}?stream=1`, headers);
  answer.pause();
  const failed = (): number => server.engine.stats().errors.SNAPVM_CALL_TIMEOUT ?? 0;
  t.true(await eventually(() => failed() === 1));
  // 6.5 GB would have been written; nobody holds more of it than sockets do.
  t.true(process.memoryUsage().rss - before < 192 * 2 ** 20);
  answer.destroy();
});

testStream('a failure before the first output is a problem as of any other call', async (t, program) => {
  const server = await start(t, program);
  const late = { 'snapvm-args': '["quiet"]', 'snapvm-fn': 'x' };
  t.is(
    problemOf(t, await send(server, 'POST', `${ECHO}?stream=1`, { headers: late })),
    '404 SNAPVM_CALL_FUNCTION',
  );
  t.is(problemOf(t, await send(server, 'POST', `${ECHO}?stream=2`)), '400 SNAPVM_SERVER_REQUEST');
  await deployJs(server, 'js', 'export default () => 1;');
  const other = await send(server, 'POST', '/v1/functions/js?stream=1');
  t.is(problemOf(t, other), '400 SNAPVM_SERVER_REQUEST');
  t.regex(other.json.detail, /stream is for Linux programs, and js is none/);
});

testStream('a program that writes nothing ends its stream at once', async (t, program) => {
  const server = await start(t, program);
  const { status, bytes } = await send(server, 'POST', `${ECHO}?stream=1`, {
    headers: { 'snapvm-args': '["nothing"]' },
  });
  t.deepEqual([status, bytes.length], [200, 0]);
});
