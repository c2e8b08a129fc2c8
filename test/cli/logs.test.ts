/** `snapvm logs`, against a server that answers as a test says. */
import test from 'ava';
import { type FunctionLine, followLines } from '../../src/cli/follow-lines.js';
import { failsWith, snapvm, snapvmOnTerminal } from '../support/cli.js';
import { scratchDirectory, serve } from '../support/cli-server.js';
import { answerJson, answerProblem, closedUrl, stubServer } from '../support/stub-server.js';

const EVENTS = { 'content-type': 'text/event-stream' };

function line(n: number, text = `text ${n}`): FunctionLine {
  return { time: `2026-01-01T00:00:0${n}.000Z`, level: 'info', text, requestId: `r${n}` };
}

function event(name: string, data: unknown): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}

function linesIn(stdout: Buffer): readonly string[] {
  return stdout.toString().split('\n').slice(0, -1);
}

/** Pieces of a body, the last of which may be what breaks it off. */
async function* bodyOf(...pieces: readonly (string | Error)[]): AsyncGenerator<Uint8Array> {
  for (const piece of pieces) {
    if (piece instanceof Error) throw piece;
    yield Buffer.from(piece);
  }
}

/** What is told of bodies, of which each is what one request is answered with. */
async function told(bodies: AsyncIterable<Uint8Array>[], known: readonly FunctionLine[] = []) {
  let drops = 0;
  const texts: string[] = [];
  const source = {
    open: async () => bodies.shift() ?? bodyOf(),
    dropped: () => void drops++,
  };
  for await (const { text } of followLines(source, known)) texts.push(text);
  return { texts, drops, unread: bodies.length };
}

test.serial('lines are printed with their heads, without what a terminal would obey', async (t) => {
  const lines = [
    { ...line(1, 'plain'), fn: 'total' },
    { ...line(2, 'one\u001b[31m\n2026-01-01T00:00:09.000Z info  total r9 forged\n'), level: 'error' },
    line(3, '\u202eturned\rback'),
  ];
  const { url, asked } = await stubServer(t, (_asked, response) => answerJson(response, 200, { lines }));
  const plain = await snapvm(['logs', 'f', '--url', url]);
  t.like(plain, { code: 0, stderr: '' });
  t.deepEqual(linesIn(plain.stdout), [
    '2026-01-01T00:00:01.000Z info  total r1 plain',
    '2026-01-01T00:00:02.000Z error - r2 one\\u001b[31m',
    '2026-01-01T00:00:02.000Z error - r2 2026-01-01T00:00:09.000Z info  total r9 forged',
    '2026-01-01T00:00:03.000Z info  - r3 \\u202eturned\\u000dback',
  ]);
  t.is(asked[0]?.url, '/v1/functions/f/logs');
  const json = await snapvm(['logs', 'f', '--url', url, '--json', '--limit', '2']);
  t.deepEqual(
    linesIn(json.stdout).map((text) => JSON.parse(text)),
    lines.slice(1),
  );
  t.false(json.stdout.includes(0x1b));
  t.is((await snapvm(['logs', 'f', '--url', url, '--limit', '0'])).stdout.length, 0);
});

test.serial('a terminal gets colours, and NO_COLOR none', async (t) => {
  const lines = [{ ...line(1), level: 'error' }];
  const { url } = await stubServer(t, (_asked, response) => answerJson(response, 200, { lines }));
  const args = ['logs', 'f', '--url', url];
  const shown = await snapvmOnTerminal(args);
  if (shown === null) {
    t.log('left out: there is no script(1) here');
    t.pass();
    return;
  }
  t.is(shown.code, 0);
  t.true(shown.shown.includes('\u001b[31merror\u001b[0m'), shown.shown);
  const plain = await snapvmOnTerminal(args, { env: { NO_COLOR: '1' } });
  t.false(plain?.shown.includes('\u001b['));
});

test.serial('what is wrong is told, as one line of JSON with --json', async (t) => {
  const unknown = { status: 404, code: 'SNAPVM_SERVER_UNKNOWN', detail: 'there is no function "f"' };
  const { url } = await stubServer(t, (_asked, response) => answerProblem(response, unknown));
  await failsWith(t, ['logs', 'f', '--url', url], 1, 'SNAPVM_SERVER_UNKNOWN: there is no function "f"');
  await failsWith(t, ['logs', 'f', '--follow', '--url', url], 1, 'SNAPVM_SERVER_UNKNOWN');
  const { code, stdout } = await snapvm(['logs', 'f', '--json', '--url', url]);
  t.is(code, 1);
  t.like(JSON.parse(linesIn(stdout).join()), { error: { code: 'SNAPVM_SERVER_UNKNOWN' } });
  t.is(linesIn(stdout).length, 1);
  await failsWith(t, ['logs', 'f', '--url', await closedUrl()], 1, 'SNAPVM_CLIENT_UNREACHABLE');
  await failsWith(t, ['logs', 'f', '--limit', 'few'], 2, '--limit is "few"');
  await failsWith(t, ['logs'], 2, 'logs needs <name>');
});

test.serial(
  'lines are followed until the server ends them, those it kept at most as many as asked for',
  async (t) => {
    const kept = [line(1), line(2), line(3)];
    const { url, asked } = await stubServer(t, (one, response) => {
      if (!one.url.endsWith('?follow=true')) return answerJson(response, 200, { lines: kept });
      response.writeHead(200, EVENTS);
      for (const each of [...kept, line(4)]) response.write(event('line', each));
      response.end(event('end', { dropped: false }));
    });
    const { code, stdout, stderr } = await snapvm(['logs', 'f', '--follow', '--limit', '1', '--url', url]);
    t.is(code, 0, stderr);
    t.deepEqual(
      linesIn(stdout).map((text) => text.split(' ').at(-1)),
      ['3', '4'],
    );
    t.is(asked.at(-1)?.headers.accept, 'text/event-stream');
  },
);

test.serial('Ctrl-C ends it with 130, and a server that breaks off with 1', async (t) => {
  let breakOff = false;
  const { url } = await stubServer(t, (one, response) => {
    if (!one.url.endsWith('?follow=true')) return answerJson(response, 200, { lines: [] });
    response.writeHead(200, EVENTS).write(event('line', line(1)), () => {
      if (breakOff) response.destroy();
    });
  });
  const args = ['logs', 'f', '-f', '--url', url];
  const ended = await snapvm(args, {
    meet: (child) => child.stdout?.once('data', () => child.kill('SIGINT')),
  });
  t.like(ended, { code: 130, stderr: '' });
  t.is(linesIn(ended.stdout).length, 1);
  breakOff = true;
  const broken = await snapvm(args);
  t.is(broken.code, 1);
  t.regex(broken.stderr, /^snapvm: SNAPVM_CLIENT_UNREACHABLE: the server broke off/);
});

test.serial(
  'after silence, or too many lines, the server is asked again and nothing is told twice',
  async (t) => {
    const silence = new TypeError('terminated', { cause: { code: 'UND_ERR_BODY_TIMEOUT' } });
    const lines = (...numbers: readonly number[]): string =>
      numbers.map((n) => event('line', line(n))).join('');
    const end = event('end', { dropped: false });
    t.deepEqual(await told([bodyOf(lines(1, 2), silence), bodyOf(lines(2), lines(3), end)]), {
      texts: ['text 1', 'text 2', 'text 3'],
      drops: 0,
      unread: 0,
    });
    const lost = event('end', { dropped: true });
    t.deepEqual(await told([bodyOf(lines(1), lost), bodyOf(lines(5, 6), end), bodyOf()]), {
      texts: ['text 1', 'text 5', 'text 6'],
      drops: 1,
      unread: 1,
    });
    // The oldest of those that were left out has gone meanwhile.
    const { texts } = await told([bodyOf(lines(2, 3, 4), end)], [line(1), line(2)]);
    t.deepEqual(texts, ['text 3', 'text 4']);
  },
);

test.serial('events arrive in any pieces, and none is read that is too long', async (t) => {
  const text = event('line', line(1, 'ä€😀')) + event('other', 1) + event('end', { dropped: false });
  const bytes = Buffer.from(text.replaceAll('\n', '\r\n'));
  const pieces = Array.from(bytes, (byte) => Uint8Array.of(byte));
  const single = (async function* () {
    yield* pieces;
  })();
  t.deepEqual((await told([single])).texts, ['ä€😀']);
  const long = bodyOf(...Array.from({ length: 20 }, () => 'x'.repeat(100_000)));
  await t.throwsAsync(told([long]), { code: 'SNAPVM_CLIENT_ANSWER', message: /more than 1048576/ });
  await t.throwsAsync(told([bodyOf('event: line\ndata: {\n\n')]), { code: 'SNAPVM_CLIENT_ANSWER' });
  await t.throwsAsync(told([bodyOf(event('line', line(1)))]), { code: 'SNAPVM_CLIENT_UNREACHABLE' });
});

test.serial('a server says what its function writes', async (t) => {
  const { client, url } = await serve(t, ['--directory', scratchDirectory(t)]);
  await client.deploy('noisy', 'export const more = (n) => { console.log("n is " + n); };');
  await client.call('noisy', 1, { fn: 'more' });
  const { stdout } = await snapvm(['logs', 'noisy', '--url', url]);
  t.regex(stdout.toString(), /^\d{4}-\d\d-\d\dT[\d:.]+Z info {2}more [\da-f-]{36} n is 1\n$/);
  const followed = await snapvm(['logs', 'noisy', '--follow', '--url', url], {
    meet: (child) => child.stdout?.once('data', () => void client.remove('noisy')),
  });
  t.like(followed, { code: 0, stderr: '' });
});
