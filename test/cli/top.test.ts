/** `snapvm top`, against a server that answers as a test says. */
import type { ServerResponse } from 'node:http';
import test, { type ExecutionContext } from 'ava';
import type { FunctionRates, Look } from '../../src/cli/top-looks.js';
import { topLines } from '../../src/cli/top-table.js';
import { failsWith, snapvm, snapvmOnTerminal } from '../support/cli.js';
import { scratchDirectory, serve } from '../support/cli-server.js';
import { type Asked, answerJson, answerProblem, closedUrl, stubServer } from '../support/stub-server.js';

const HASH = 'ab'.repeat(32);

function counted(name: string, calls: number, errors: Readonly<Record<string, number>> = {}): object {
  const live = [{ revision: 3, version: HASH, weight: 100 }];
  const createdAt = '2026-01-01T00:00:00Z';
  return { name, createdAt, kind: 'js', live, counters: { calls, errors, p50Us: 850, p99Us: 1500 } };
}

/** A server whose counters are greater each time the first page is asked for. */
async function countingServer(t: ExecutionContext, answer = answerPages) {
  let looks = 0;
  return await stubServer(t, (asked, response) => {
    if (asked.url === '/readyz') return answerJson(response, 200, { status: 'ready' });
    if (!asked.url.includes('after=')) looks++;
    answer(asked, response, looks);
  });
}

function answerPages({ url }: Asked, response: ServerResponse, looks: number): void {
  const isLast = url.includes('after=b');
  const last = [counted('busy', 1000 * looks, { SNAPVM_JS_ERROR: looks })];
  const page = { functions: [counted('a', 7), counted('b', 10 * looks)], next: 'b' };
  answerJson(response, 200, isLast ? { functions: last } : page);
}

function rates(name: string, callsPerSecond?: number, errorsPerSecond = 0): FunctionRates {
  const { kind, revisions, version } = { kind: 'js', revisions: [1, 2], version: HASH };
  const counters = { calls: 1234, errors: 0, p50Us: 850, p99Us: 1500 };
  return { name, kind, revisions, version, callsPerSecond, errorsPerSecond, ...counters };
}

/** How many control characters there are. */
function commands(lines: readonly string[]): number {
  return lines.join('').match(/\p{Cc}/gu)?.length ?? 0;
}

function look(functions: readonly FunctionRates[]): Look {
  return { url: 'http://x', isReady: true, status: 'ready', functions, hasMore: false };
}

test.serial('without a terminal the table is printed once, the busiest first', async (t) => {
  const { url, asked } = await countingServer(t);
  const { code, stdout, stderr } = await snapvm(['top', '--interval', '100', '--url', url]);
  t.is(code, 0, stderr);
  const lines = stdout.toString().split('\n');
  t.regex(
    lines[0] ?? '',
    new RegExp(`^${url} {2}ready {2}3 functions {2}[\\d.,]+ calls/s {2}[\\d.]+ errors/s`),
  );
  t.regex(lines[1] ?? '', /^name +calls\/s +p50 +p99 +errors\/s +calls +errors +kind +rev +version$/);
  t.deepEqual(
    lines.slice(2).map((line) => line.split(' ')[0]),
    ['busy', 'b', 'a', ''],
  );
  t.regex(lines[2] ?? '', /^busy +[\d.,]+ +850 µs +1\.50 ms +[\d.]+ +2,000 +2 +js +3 +abababababab$/);
  t.regex(lines[4] ?? '', /^a +0\.0 .* 0\.0 +7 +0 +js/);
  // As many requests as there are pages, however many functions those have.
  const wanted = [1, 2].flatMap(() => [
    '/readyz',
    '/v1/functions?limit=250&counters=true',
    '/v1/functions?limit=250&counters=true&after=b',
  ]);
  t.deepEqual(
    asked.map((one) => one.url),
    wanted,
  );
});

test.serial('--json prints an object each interval, also while the server is away', async (t) => {
  const { url } = await countingServer(t, (asked, response, looks) => {
    if (looks === 3) response.destroy();
    // It began again: what it has counted is less than before, and no negative rate.
    else answerPages(asked, response, looks < 4 ? looks : looks - 3);
  });
  const result = await snapvm(['top', '--json', '--interval', '100', '--url', url], {
    meet: (child) => {
      let lines = 0;
      child.stdout?.on('data', (chunk: Buffer) => {
        lines += chunk.filter((byte) => byte === 10).length;
        if (lines >= 4) child.kill('SIGINT');
      });
    },
  });
  t.is(result.code, 130, result.stderr);
  const [first, second, third, fourth] = result.stdout
    .toString()
    .split('\n', 4)
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  t.like(first, { url, ready: true, status: 'ready', more: false });
  t.true(Number(first?.['callsPerSecond']) > 0);
  const [busy] = Object(first)['functions'] as readonly object[];
  t.like(busy, {
    name: 'busy',
    kind: 'js',
    revisions: [3],
    version: HASH,
    calls: 2000,
    errors: 2,
    p50Us: 850,
  });
  t.like(second, { url, ready: false, error: { code: 'SNAPVM_CLIENT_UNREACHABLE' } });
  t.is(third?.['callsPerSecond'], undefined);
  t.true(Number(fourth?.['callsPerSecond']) > 0);
});

test.serial('what cannot be looked at is an error from the beginning', async (t) => {
  const refusal = { status: 401, code: 'SNAPVM_SERVER_UNAUTHORIZED', detail: 'no token' };
  const { url } = await countingServer(t, (_asked, response) => answerProblem(response, refusal));
  await failsWith(t, ['top', '--url', url], 1, 'SNAPVM_SERVER_UNAUTHORIZED: no token; give the token');
  await failsWith(t, ['top', '--url', await closedUrl()], 1, 'SNAPVM_CLIENT_UNREACHABLE', 'snapvm serve');
  await failsWith(t, ['top', '--interval', '0'], 2, '--interval is 0', '100 to 3600000');
  await failsWith(t, ['top', 'f'], 2, 'top takes no argument');
});

test.serial('on a terminal it is drawn in place until q, and the cursor is shown again', async (t) => {
  const { url } = await countingServer(t);
  const args = ['top', '--interval', '100', '--url', url];
  const ended = await snapvmOnTerminal(args, { typedAfter: 3, typed: 'q' });
  if (ended === null) {
    t.log('left out: there is no script(1) here');
    t.pass();
    return;
  }
  t.is(ended.code, 0, ended.shown);
  t.true(ended.shown.startsWith('\u001b[?25l\u001b[H'), ended.shown);
  t.true(ended.shown.trimEnd().endsWith('\u001b[?25h'), ended.shown);
  t.true(ended.shown.split('\u001b[H').length > 2);
  t.regex(ended.shown, /busy +[\d.,]+ /);
  const interrupted = await snapvmOnTerminal(args, { typedAfter: 1, typed: '\u0003' });
  t.is(interrupted?.code, 130);
  t.true(interrupted?.shown.trimEnd().endsWith('\u001b[?25h'));
});

test('the table has no more lines and no longer ones than the terminal', (t) => {
  const many = look(
    Array.from({ length: 500 }, (_, at) => rates(`function-${at}-${'x'.repeat(50)}`, 500 - at)),
  );
  for (const [rows, columns] of [
    [10, 40],
    [4, 200],
    [2, 5],
    [1, 1],
  ] as const) {
    const lines = topLines(many, { last: undefined, rows, columns });
    t.true(lines.length <= rows, `${lines.length} lines in ${rows}`);
    t.true(lines.every((line) => line.length <= columns));
  }
  const lines = topLines(many, { last: undefined, rows: 10, columns: 120 });
  t.is(lines.at(-1), '… and 493 more');
  t.is(topLines(many).length, 502);
});

test('what names and errors say commands no terminal, and the last table stays while the server is away', (t) => {
  const bad = look([{ ...rates('f\u001b[2J', 1), kind: '\u001b[31m', version: '\u009b' }]);
  const frame = { last: bad, rows: 24, columns: 200 };
  t.is(commands(topLines(bad, frame)), 0);
  const error = Object.assign(new Error('gone\u001b[2J\n'), { code: 'SNAPVM_CLIENT_UNREACHABLE' });
  const lines = topLines({ url: 'http://x', error: error as never }, frame);
  t.is(commands(lines), 0);
  t.regex(lines[0] ?? '', /^http:\/\/x {2}does not answer, and is asked again: gone/);
  t.is(lines.length, 3);
});

test.serial('a server says what its functions do', async (t) => {
  const { client, url } = await serve(t, ['--directory', scratchDirectory(t)]);
  await client.deploy('f', 'export default (n) => { if (n > 1) throw new Error("much"); return n; }');
  await client.batch('f', [1, 2, 3]);
  const { stdout } = await snapvm(['top', '--json', '--once', '--interval', '100', '--url', url]);
  const shown = JSON.parse(stdout.toString()) as { functions: readonly object[] };
  t.like(shown, { ready: true, callsPerSecond: 0 });
  t.like(shown.functions[0], { name: 'f', kind: 'js', revisions: [1], calls: 3, errors: 2 });
  for await (const one of client.list()) t.false('counters' in one);
});
