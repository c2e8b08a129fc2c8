// What the client reads while it comes: output of programs, lines of logs, answers of long batches.
import { readFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import test, { type ExecutionContext } from 'ava';
import { type BatchAnswer, type ProgramEvent, SnapvmClient } from '../../src/client/index.js';
import { breakSilence } from '../../src/server/http/events.js';
import { eventually } from '../support/engine.js';
import { callJs, deployJs, startServer } from '../support/http-server.js';
import { cProgram } from '../support/linux-build.js';
import { answerJson, answerProblem, closedUrl, stubServer } from '../support/stub-server.js';
import { testWith } from '../support/test-with.js';

const PROGRAM = cProgram('writes', 'glibc');
const TALK = 'export default (x) => { console.log("said " + x); return x; };';

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

/** A client of a server that answers every request with these pieces, and then ends it. */
async function reading(
  t: ExecutionContext,
  type: string,
  pieces: readonly (string | Uint8Array)[],
): Promise<SnapvmClient> {
  const { url } = await stubServer(t, (_asked, response) => {
    response.writeHead(200, { 'content-type': type });
    for (const piece of pieces) response.write(piece);
    response.end();
  });
  return new SnapvmClient({ url });
}

function testProgram(
  title: string,
  body: (t: ExecutionContext, client: SnapvmClient, errors: () => Record<string, number>) => Promise<void>,
): void {
  testWith(PROGRAM, title, async (t, build) => {
    const server = await startServer(t);
    const client = new SnapvmClient({ url: server.url });
    const policy = { timeoutMs: 60_000, outputBytes: 4 * 2 ** 20 };
    await client.deploy('writes', { linux: readFileSync(build()) }, { policy });
    await body(t, client, () => server.engine.stats().errors);
  });
}

function textOf(events: readonly ProgramEvent[], type: 'stdout' | 'stderr'): string {
  return Buffer.concat(events.flatMap((event) => (event.type === type ? [event.bytes] : []))).toString();
}

testProgram('a program is read while it runs: what it writes where, and how it ends', async (t, client) => {
  const events = await all(client.stream('writes', 'aé'));
  t.is(textOf(events, 'stdout'), '> aé');
  t.is(textOf(events, 'stderr'), 'done');
  t.deepEqual(events.at(-1), { type: 'end', exitCode: 3 });
  const bytes = await all(client.stream('writes', new Uint8Array([255])));
  t.deepEqual(
    Buffer.concat(bytes.flatMap((event) => (event.type === 'stdout' ? [event.bytes] : []))),
    Buffer.from([0x3e, 0x20, 255]),
  );
});

testProgram('leaving the loop ends the program, and so does a signal', async (t, client, errors) => {
  for await (const event of client.stream('writes', '', { args: ['spin'] })) {
    t.deepEqual(event, { type: 'stdout', bytes: new Uint8Array(Buffer.from('before')) });
    break;
  }
  t.true(await eventually(() => Object.values(errors()).reduce((sum, count) => sum + count, 0) === 1));
  const controller = new AbortController();
  const reason = new Error('enough');
  const read = async (): Promise<void> => {
    const { signal } = controller;
    for await (const _ of client.stream('writes', '', { args: ['spin'], signal })) controller.abort(reason);
  };
  t.is(await t.throwsAsync(read()), reason);
});

testProgram('a limit is thrown after the output, and what is wrong at once', async (t, client) => {
  const events: ProgramEvent[] = [];
  const read = async (): Promise<void> => {
    const options = { args: ['spin'], timeoutMs: 200 };
    for await (const event of client.stream('writes', undefined, options)) events.push(event);
  };
  await t.throwsAsync(read(), { code: 'SNAPVM_CALL_TIMEOUT', message: /200 ms/ });
  t.is(textOf(events, 'stdout'), 'before');
  await t.throwsAsync(all(client.stream('nobody')), { code: 'SNAPVM_SERVER_UNKNOWN' });
  await t.throwsAsync(all(client.stream('writes', {} as never)), { code: 'SNAPVM_CLIENT_OPTION' });
});

testProgram('much output comes in events of a bounded size', async (t, client) => {
  let bytes = 0;
  for await (const event of client.stream('writes', '', { args: ['much', '200'] })) {
    if (event.type !== 'stdout') continue;
    t.true(event.bytes.length <= 2 ** 20);
    bytes += event.bytes.length;
  }
  t.is(bytes, 200 * 65_536);
});

test('events are read however they are cut, and only what is known of them', async (t) => {
  const text =
    ': a comment\r\n\r\nid: 1\nevent: stdout\r\ndata: {"base64":\ndata: "w6k="}\r\n\nevent: later\ndata: {}\n\n' +
    'event:end\ndata:{"exitCode":137,"signal":"SIGKILL"}\n\nevent: stdout\ndata: {"base64":""}\n\n';
  const client = await reading(
    t,
    'text/event-stream; charset=utf-8',
    [...Buffer.from(text)].map((byte) => Buffer.from([byte])),
  );
  t.deepEqual(await all(client.stream('f')), [
    { type: 'stdout', bytes: new Uint8Array(Buffer.from('é')) },
    { type: 'end', exitCode: 137, signal: 'SIGKILL' },
  ]);
});

test('what is no stream of snapvm, or breaks off, is an error', async (t) => {
  const events = 'text/event-stream';
  for (const [type, pieces, code] of [
    ['application/json', ['{}'], 'SNAPVM_CLIENT_ANSWER'],
    [events, [], 'SNAPVM_CLIENT_ANSWER'],
    [events, ['event: end\ndata: {"exitCode":0}\n'], 'SNAPVM_CLIENT_ANSWER'],
    [events, ['event: end\ndata: 0\n\n'], 'SNAPVM_CLIENT_ANSWER'],
    [events, ['event: end\ndata: {\n\n'], 'SNAPVM_CLIENT_ANSWER'],
    [events, ['data: ', new Uint8Array([0xff]), '\n\n'], 'SNAPVM_CLIENT_ANSWER'],
    [events, ['event: problem\ndata: {"code":"SNAPVM_X"}\n\n'], 'SNAPVM_X'],
  ] as const) {
    const client = await reading(t, type, pieces);
    await t.throwsAsync(all(client.stream('f')), { code }, `${type} ${pieces}`);
  }
  const { url } = await stubServer(t, (_asked, response) => {
    response.writeHead(200, { 'content-type': events }).write('event: line\n');
    setImmediate(() => response.destroy());
  });
  const client = new SnapvmClient({ url });
  await t.throwsAsync(all(client.logs('f', { follow: true })), { code: 'SNAPVM_CLIENT_UNREACHABLE' });
  const nobody = new SnapvmClient({ url: await closedUrl() });
  await t.throwsAsync(all(nobody.stream('f')), { code: 'SNAPVM_CLIENT_UNREACHABLE' });
});

test('a line or an event that does not end is given up, and the connection with it', async (t) => {
  for (const piece of ['x'.repeat(65_536), `data: ${'x'.repeat(60_000)}\n`]) {
    let sent = 0;
    const hungUp = new Promise<void>((resolve) => {
      void stubServer(t, (_asked, response) => {
        response.once('close', resolve);
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        const more = (): void => {
          do sent += piece.length;
          while (!response.destroyed && response.write(piece));
          response.once('drain', more);
        };
        more();
      }).then(async ({ url }) => {
        const client = new SnapvmClient({ url });
        await t.throwsAsync(all(client.stream('f')), {
          code: 'SNAPVM_CLIENT_ANSWER',
          message: /more than 8388608 bytes/,
        });
      });
    });
    await hungUp;
    t.true(sent < 64 * 2 ** 20, `${sent} bytes`);
  }
});

test('lines of a log are listed, or followed until the function is removed', async (t) => {
  const server = await startServer(t);
  const client = new SnapvmClient({ url: server.url });
  await deployJs(server, 'talk', TALK);
  for (const x of ['A', 'B', 'C']) await callJs(server, 'talk', x, { 'x-request-id': `request-${x}` });
  const lines = await all(client.logs('talk'));
  t.deepEqual(
    lines.map(({ level, text, requestId }) => [level, text, requestId]),
    ['A', 'B', 'C'].map((x) => ['info', `said ${x}`, `request-${x}`]),
  );
  t.deepEqual(await all(client.logs('talk', { limit: 2 })), lines.slice(1));
  t.deepEqual(await all(client.logs('talk', { limit: 0 })), []);
  const seen: string[] = [];
  for await (const { text } of client.logs('talk', { follow: true, limit: 1 })) {
    seen.push(text);
    if (text === 'said C') await callJs(server, 'talk', 'D');
    if (text === 'said D') await client.remove('talk');
  }
  t.deepEqual(seen, ['said C', 'said D']);
  await t.throwsAsync(all(client.logs('talk')), { code: 'SNAPVM_SERVER_UNKNOWN' });
  await t.throwsAsync(all(client.logs('talk', { limit: 201 })), { code: 'SNAPVM_CLIENT_OPTION' });
});

test('who waits for a line can leave, and what was missed is an error', async (t) => {
  const server = await startServer(t);
  const client = new SnapvmClient({ url: server.url });
  await deployJs(server, 'talk', TALK);
  const followed = client.logs('talk', { follow: true });
  const next = followed.next();
  t.deepEqual(await followed.return?.(), { done: true, value: undefined });
  t.deepEqual(await next, { done: true, value: undefined });
  const slow = await reading(t, 'text/event-stream', ['event: end\ndata: {"dropped":true}\n\n']);
  await t.throwsAsync(all(slow.logs('talk', { follow: true })), { code: 'SNAPVM_CLIENT_DROPPED' });
});

test('a silence is broken by what readers pass over', async (t) => {
  const closed: Promise<void>[] = [];
  const { url } = await stubServer(t, (_asked, response: ServerResponse) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const stop = breakSilence(response, 1);
    closed.push(new Promise((resolve) => response.once('close', resolve)));
    response.once('close', stop);
  });
  const { body } = await fetch(url);
  const reader = body?.getReader();
  t.regex(Buffer.from((await reader?.read())?.value ?? []).toString(), /^(:\n\n)+$/);
  await reader?.cancel();
  await Promise.all(closed);
});

test('the memory of a version is described', async (t) => {
  const server = await startServer(t);
  const client = new SnapvmClient({ url: server.url });
  const first = (await deployJs(server, 'talk', TALK)).json;
  await deployJs(server, 'talk', `${TALK} export const more = 1;`);
  const { revision, version, regions, snapshotBytes } = await client.memory('talk', { version: 1 });
  t.deepEqual([revision, version], [1, first.version]);
  t.true(regions.some(({ name, ring, rights }) => name === 'heap' && ring === 3 && rights === 'rw-'));
  t.true(snapshotBytes.own > 0);
  t.is((await client.memory('talk')).revision, 2);
});

test('a batch of any length is sent in pages, and answered in order', async (t) => {
  const server = await startServer(t);
  const client = new SnapvmClient({ url: server.url });
  await deployJs(
    server,
    'half',
    'export default (x) => { if (x === 3) throw new Error("no"); return x / 2; };',
  );
  function* inputs(): Generator<number> {
    for (let n = 0; n < 2500; n++) yield n;
  }
  const answers = await all(client.batchStream<number>('half', inputs(), { pageSize: 1000 }));
  t.is(answers.length, 2500);
  const failed = answers.flatMap((answer, at) => (answer.ok ? [] : [[at, answer.error.code]]));
  t.deepEqual(failed, [[3, 'SNAPVM_JS_ERROR']]);
  t.true(answers.every((answer, at) => !answer.ok || answer.result === at / 2));
  t.deepEqual(await all(client.batchStream('half', [])), []);
  await t.throwsAsync(all(client.batchStream('nobody', [1])), { code: 'SNAPVM_SERVER_UNKNOWN' });
});

/** A server of batches that answers with the inputs. */
async function echoing(t: ExecutionContext): Promise<{ client: SnapvmClient; pages: number[] }> {
  const pages: number[] = [];
  const { url } = await stubServer(t, ({ body, headers }, response) => {
    t.is(headers['content-type'], 'application/x-ndjson');
    const lines = body.toString().trimEnd().split('\n');
    pages.push(lines.length);
    response.writeHead(200, { 'content-type': 'application/x-ndjson' });
    response.end(lines.map((line) => `{"status":200,"result":${line}}\n`).join(''));
  });
  return { client: new SnapvmClient({ url }), pages };
}

test('no more inputs are taken than are sent, and none when the loop is left', async (t) => {
  const { client, pages } = await echoing(t);
  let taken = 0;
  let isLeft = false;
  function* endless(): Generator<number, void> {
    try {
      for (;;) yield ++taken;
    } finally {
      isLeft = true;
    }
  }
  const results: unknown[] = [];
  for await (const answer of client.batchStream('f', endless(), { pageSize: 4 })) {
    results.push(answer.ok && answer.result);
    if (results.length === 4) t.is(taken, 4);
    if (results.length === 5) break;
  }
  t.deepEqual(results, [1, 2, 3, 4, 5]);
  t.deepEqual([taken, isLeft, pages], [8, true, [4, 4]]);
});

test('a page ends when it has some MiB', async (t) => {
  const { client, pages } = await echoing(t);
  const large = Array.from({ length: 5 }, () => 'x'.repeat(2 * 2 ** 20));
  t.is((await all(client.batchStream('f', large))).length, 5);
  t.deepEqual(pages, [2, 2, 1]);
});

test('an input that waits holds no answer up, and who leaves does not wait for it', async (t) => {
  const { client, pages } = await echoing(t);
  const ways: ((input: number) => void)[] = [];
  async function* inputs(): AsyncGenerator<number> {
    yield 1;
    yield 2;
    for (;;) yield await new Promise<number>((resolve) => ways.push(resolve));
  }
  const answers = client.batchStream<number>('f', inputs());
  const next = async (): Promise<BatchAnswer<number> | undefined> =>
    (await answers.next()).value ?? undefined;
  t.deepEqual(await next(), { ok: true, result: 1 });
  t.deepEqual(await next(), { ok: true, result: 2 });
  const third = next();
  ways[0]?.(3);
  t.deepEqual(await third, { ok: true, result: 3 });
  t.deepEqual(pages, [2, 1]);
  const waiting = answers.next();
  await answers.return?.();
  t.deepEqual(await waiting, { done: true, value: undefined });
});

test('what fails a batch is thrown: the source, an input, an answer too few, a signal', async (t) => {
  const { client } = await echoing(t);
  const reason = new Error('the source is empty');
  // biome-ignore lint/correctness/useYield: it has nothing
  async function* broken(): AsyncGenerator<number> {
    throw reason;
  }
  t.is(await t.throwsAsync(all(client.batchStream('f', broken()))), reason);
  for (const inputs of ['text', new Uint8Array(2), 1, null] as never[])
    await t.throwsAsync(all(client.batchStream('f', inputs)), { message: /^inputs is / });
  await t.throwsAsync(all(client.batchStream('f', [() => 1])), { message: /^an input is / });
  await t.throwsAsync(all(client.batchStream('f', [1], { pageSize: 10_001 })), { message: /^pageSize is / });
  for (const lines of ['{"status":200,"result":1}\n', '{"status":200}\n{"status":200}\n{"status":200}\n'])
    await t.throwsAsync(all((await reading(t, 'application/x-ndjson', [lines])).batchStream('f', [1, 2])), {
      code: 'SNAPVM_CLIENT_ANSWER',
      message: /batch of 2 inputs has [13] answers/,
    });
  const { url } = await stubServer(t, (_asked, response) =>
    answerProblem(response, { status: 429, code: 'SNAPVM_SERVER_QUOTA' }, { 'retry-after': '3' }),
  );
  const refused = new SnapvmClient({ url }).batchStream('f', [1]);
  await t.throwsAsync(all(refused), { code: 'SNAPVM_SERVER_QUOTA' });
  const signal = AbortSignal.abort(reason);
  t.is(await t.throwsAsync(all(client.batchStream('f', [1], { signal }))), reason);
});

test('bytes of inputs go as base64, and lines may be as long as answers', async (t) => {
  const { client } = await echoing(t);
  t.deepEqual(await all(client.batchStream('f', [new Uint8Array([255]), 'ä'])), [
    { ok: true, result: { base64: '/w==' } },
    { ok: true, result: 'ä' },
  ]);
  const { url } = await stubServer(t, (_asked, response) => answerJson(response, 200, [{ status: 200 }]));
  const small = new SnapvmClient({ url, maxAnswerBytes: 5 });
  await t.throwsAsync(small.batch('f', [1]), { code: 'SNAPVM_CLIENT_ANSWER', message: /5 bytes/ });
});
