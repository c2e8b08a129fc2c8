/** Requests of several calls: batches, asynchronous calls, tools of assistants, streams. */
import { randomBytes, randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { BYTES_TYPE, HAS_PROGRAMS, type Job, JSON_TYPE } from './functions.js';
import { begin, json, LOST, restOf, type Visitor } from './visitor.js';

const LINES = { 'content-type': 'application/x-ndjson', accept: 'application/x-ndjson' };
const MCP = { ...JSON_TYPE, accept: 'application/json, text/event-stream' };
const STREAM_BYTES = 500_000;

export function severalCalls(): readonly Job[] {
  const job = (kind: string, weight: number, run: (visitor: Visitor) => Promise<unknown>): Job => ({
    kind,
    weight,
    run,
  });
  return [
    job('batch', 8, batch),
    job('batch of lines', 8, lines),
    job('batch, bad line', 3, (visitor) =>
      visitor.ask(
        'batch, bad line',
        { path: '/v1/functions/script/batch', headers: LINES, body: '1\n{"a":\n' },
        ['400 SNAPVM_SERVER_REQUEST'],
      ),
    ),
    job('batch, too many', 1, (visitor) =>
      visitor.ask(
        'batch, too many',
        { path: '/v1/functions/script/batch', headers: LINES, body: '1\n'.repeat(10_001) },
        ['413 SNAPVM_SERVER_TOO_LARGE'],
      ),
    ),
    job('tool', 8, tool),
    job('tool, JavaScript', 3, code),
    ...(HAS_PROGRAMS ? [job('stream', 4, stream), job('stream that is left', 4, leftStream)] : []),
    job('log that is followed', 2, follower),
  ];
}

async function batch(visitor: Visitor): Promise<void> {
  const inputs = Array.from({ length: randomInt(1, 40) }, () => randomBytes(8).toString('hex'));
  await visitor.ask(
    'batch',
    { path: '/v1/functions/script/batch', headers: JSON_TYPE, body: JSON.stringify(inputs) },
    ['200'],
    (answer) =>
      (json(answer) as { status: number; result: string }[]).every(
        ({ status, result }, i) => status === 200 && result === inputs[i],
      ),
  );
}

/** Inputs that throw beside those that answer. */
async function lines(visitor: Visitor): Promise<void> {
  const inputs = Array.from({ length: randomInt(1, 40) }, (_, i) => i);
  await visitor.ask(
    'batch of lines',
    {
      path: '/v1/functions/script/batch',
      headers: { ...LINES, 'snapvm-fn': 'fail' },
      body: inputs.map((input) => `${input}\n`).join(''),
    },
    ['200'],
    ({ body }) => {
      const answers = body.toString().trimEnd().split('\n');
      return answers.length === inputs.length && answers.every((line) => line.startsWith('{"status":422,'));
    },
  );
}

async function tool(visitor: Visitor): Promise<void> {
  const input = randomBytes(8).toString('hex');
  await rpc(visitor, 'tool', 'fn_script', { input }, input);
}

async function code(visitor: Visitor): Promise<void> {
  const answer = randomBytes(8).toString('hex');
  const text = `return ${JSON.stringify(answer)}`;
  await rpc(visitor, 'tool, JavaScript', 'run_javascript', { code: text }, answer);
}

async function rpc(visitor: Visitor, kind: string, name: string, args: object, text: string): Promise<void> {
  const body = JSON.stringify({
    jsonrpc: '2.0',
    id: 1,
    method: 'tools/call',
    params: { name, arguments: args },
  });
  await visitor.ask(kind, { path: '/mcp', headers: MCP, body }, ['200'], (answer) => {
    const { result } = json(answer) as {
      result?: { isError?: boolean; content: { text: string }[] };
    };
    return result?.isError !== true && result?.content[0]?.text === text;
  });
}

/** Reads slowly, and to the end. */
async function stream(visitor: Visitor): Promise<void> {
  await reading(visitor, 'stream', '/v1/functions/drip?stream=1', BYTES_TYPE, async (answer) => {
    let bytes = 0;
    for await (const chunk of answer) {
      bytes += (chunk as Buffer).length;
      await sleep(5);
    }
    const exitCode = answer.trailers['snapvm-exit-code'];
    return bytes === STREAM_BYTES && exitCode === '0' ? undefined : `${bytes} bytes, exit code ${exitCode}`;
  });
}

async function leftStream(visitor: Visitor): Promise<void> {
  await reading(
    visitor,
    'stream that is left',
    '/v1/functions/yes?stream=1',
    { accept: 'text/event-stream' },
    leaveAfterSome,
  );
}

async function follower(visitor: Visitor): Promise<void> {
  const path = '/v1/functions/script/logs?follow=1';
  await reading(visitor, 'log that is followed', path, {}, leaveAfterSome, 'GET');
}

/** Reads a little, stops reading, and hangs up. */
async function leaveAfterSome(answer: Awaited<ReturnType<typeof begin>>): Promise<undefined> {
  await new Promise((resolve) => answer.once('readable', resolve).once('close', resolve));
  await sleep(randomInt(300));
  answer.destroy();
}

async function reading(
  visitor: Visitor,
  kind: string,
  path: string,
  headers: Readonly<Record<string, string>>,
  read: (answer: Awaited<ReturnType<typeof begin>>) => Promise<string | undefined>,
  method = 'POST',
): Promise<void> {
  const life = await visitor.server.up();
  try {
    const answer = await begin(life, { method, path, headers });
    if (answer.statusCode !== 200) {
      visitor.tally.ended(kind, String(answer.statusCode));
      visitor.tally.surprise(`${kind}: answered ${answer.statusCode}: ${await restOf(answer)}`);
      return;
    }
    answer.on('error', () => {}); // of those that are left
    const wrong = await read(answer);
    if (life.isOver) {
      visitor.tally.ended(kind, LOST);
      return;
    }
    visitor.tally.ended(kind, '200');
    if (wrong !== undefined) visitor.tally.surprise(`${kind}: ${wrong}`);
  } catch (error) {
    visitor.failed(kind, life, error);
  }
}
