/** Batches and asynchronous calls on the command line, against a server that answers as a test says. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { type JsonLines, jsonLines } from '../../src/cli/json-lines.js';
import { failsWith, json, snapvm } from '../support/cli.js';
import { scratchDirectory, serve } from '../support/cli-server.js';
import { answerJson, answerProblem, stubServer } from '../support/stub-server.js';

const ID = '6e2bf91c-0000-4000-8000-000000000001';
const PROBLEM = { status: 422, code: 'SNAPVM_JS_ERROR', detail: 'f: Error: odd', function: 'f' };
const UNKNOWN = { status: 404, code: 'SNAPVM_SERVER_UNKNOWN', detail: 'there is no function "f"' };

function linesIn(stdout: Buffer): readonly Record<string, unknown>[] {
  return stdout
    .toString()
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line));
}

/** Answers each input with itself, or with a problem where it is an odd number. */
async function echoServer(t: ExecutionContext) {
  return await stubServer(t, ({ body }, response) => {
    const inputs = JSON.parse(body.toString()) as readonly unknown[];
    const answers = inputs.map((input) => {
      if (input === null) return { status: 204 };
      return Number(input) % 2 === 1 ? { status: 422, problem: PROBLEM } : { status: 200, result: input };
    });
    answerJson(response, 200, answers);
  });
}

async function read(
  pieces: readonly (string | Uint8Array)[],
  portion: Partial<Parameters<typeof jsonLines>[2]> = {},
): Promise<readonly JsonLines[]> {
  const source = (async function* () {
    for (const piece of pieces) yield Buffer.from(piece as string);
  })();
  const found: JsonLines[] = [];
  const limits = { lines: 100, bytes: 1000, lineBytes: 1000, ...portion };
  for await (const lines of jsonLines('it', source, limits)) found.push(lines);
  return found;
}

test.serial('a batch prints an answer a line, in the order of the lines', async (t) => {
  const { url, asked } = await echoServer(t);
  const file = join(scratchDirectory(t), 'in.ndjson');
  writeFileSync(file, '2\r\n\n  \n"x\\u001b\\u202e"\nnull\n{"base64":"AA=="}');
  const { code, stdout, stderr } = await snapvm(['call', 'f', '--batch', file, '--fn', 'g', '--url', url]);
  t.is(code, 0, stderr);
  t.is(
    stdout.toString(),
    '{"status":200,"result":2}\n{"status":200,"result":"x\\u001b\\u202e"}\n{"status":204}\n' +
      '{"status":200,"result":{"base64":"AA=="}}\n',
  );
  t.is(asked[0]?.url, '/v1/functions/f/batch');
  t.is(asked[0]?.headers['snapvm-fn'], 'g');
  const some = await snapvm(['call', 'f', '--batch', '-', '--json', '--url', url], { stdin: '2\n3\n' });
  t.is(some.code, 1);
  t.is(some.stderr, 'snapvm: 1 of 2 calls failed\n');
  const [good, bad] = linesIn(some.stdout);
  t.deepEqual(good, { status: 200, result: 2 });
  t.like(bad, { status: 422, error: { code: 'SNAPVM_JS_ERROR', message: 'f: Error: odd' } });
  t.like(await snapvm(['call', 'f', '--batch', '-', '--url', url]), { code: 0, stdout: Buffer.alloc(0) });
});

test.serial('more lines than the server takes are sent in several batches', async (t) => {
  const { url, asked } = await echoServer(t);
  const stdin = Array.from({ length: 20_001 }, (_, at) => `${2 * at}\n`).join('');
  const { code, stdout } = await snapvm(['call', 'f', '--batch', '-', '--url', url], { stdin });
  t.is(code, 0);
  t.deepEqual(
    linesIn(stdout).map(({ result }) => result),
    Array.from({ length: 20_001 }, (_, at) => 2 * at),
  );
  t.deepEqual(
    asked.map(({ body }) => (JSON.parse(body.toString()) as readonly unknown[]).length),
    [10_000, 10_000, 1],
  );
});

test.serial('what goes wrong with a batch is told, after the answers that there are', async (t) => {
  const { url } = await echoServer(t);
  const wrong = await snapvm(['call', 'f', '--batch', '-', '--url', url], { stdin: '2\n\n{bad\n' });
  t.is(wrong.code, 2);
  t.regex(wrong.stderr, /^snapvm: line 3 of stdin is not JSON: .*snapvm call --help/);
  const batch = ['call', 'f', '--url', url, '--batch'];
  await failsWith(t, [...batch, join(scratchDirectory(t), 'none')], 1, 'ENOENT', '--batch', 'none');
  await failsWith(t, [...batch, '-', '--event', '1'], 2, '--batch and --event');
  await failsWith(t, [...batch, '-', '--async'], 2, '--batch and --async');
  await failsWith(t, batch, 2, '--batch needs a value');
  let batches = 0;
  const failing = await stubServer(t, (_asked, response) => {
    batches += 1;
    if (batches === 1) answerJson(response, 200, Array(10_000).fill({ status: 204 }));
    else answerProblem(response, { ...UNKNOWN, status: 429, code: 'SNAPVM_SERVER_QUOTA' });
  });
  const late = await snapvm(['call', 'f', '--batch', '-', '--json', '--url', failing.url], {
    stdin: '1\n'.repeat(10_002),
  });
  t.is(late.code, 1);
  t.is(late.stderr, 'snapvm: lines 10001 to 10002 of stdin have no answers\n');
  const answers = linesIn(late.stdout);
  t.is(answers.length, 10_001);
  t.like(answers.at(-1), { error: { code: 'SNAPVM_SERVER_QUOTA' } });
});

test('lines are read in any pieces, and in portions of so many lines and bytes', async (t) => {
  const values = (found: readonly JsonLines[]) => found.map((one) => one.values);
  t.deepEqual(values(await read(Array.from('"ab"\n\n[1,\t2]\r\n3'))), [['ab', [1, 2], 3]]);
  t.deepEqual(values(await read([Uint8Array.of(0x22, 0xc3), Uint8Array.of(0xa4, 0x22)])), [['ä']]);
  const portions = await read(['\n1\n2\n3\n\n4\n5'], { lines: 2 });
  t.deepEqual(portions, [
    { first: 2, last: 3, values: [1, 2] },
    { first: 4, last: 6, values: [3, 4] },
    { first: 7, last: 7, values: [5] },
  ]);
  t.deepEqual(values(await read(['"aaaa"\n"b"\n"c"\n"dddddddd"'], { bytes: 6 })), [
    ['aaaa'],
    ['b', 'c'],
    ['dddddddd'],
  ]);
  t.deepEqual(await read(['']), []);
  await t.throwsAsync(read(['1\n', '"', 'x'.repeat(20)], { lineBytes: 10 }), {
    message: /^line 2 of it has more than 10/,
  });
  await t.throwsAsync(read([Uint8Array.of(0x22, 0xff, 0x22)]), { message: 'line 1 of it is not UTF-8' });
});

test.serial('an asynchronous call prints its id, and nobody waits', async (t) => {
  const { url, asked } = await stubServer(t, (_asked, response) =>
    answerJson(response, 202, { id: ID, state: 'queued' }),
  );
  const call = ['call', 'f', '--async', '--event', '1', '--timeout-ms', '50', '--url', url];
  t.like(await snapvm(call), { code: 0, stdout: Buffer.from(`${ID}\n`), stderr: '' });
  t.is(asked[0]?.url, '/v1/functions/f/async');
  t.is(asked[0]?.headers['snapvm-timeout-ms'], '50');
  t.is(asked[0]?.body.toString(), '1');
  t.deepEqual(await json(t, call), { id: ID, state: 'queued' });
  await failsWith(t, [...call, '--deadline-ms', '9'], 2, '--async and --deadline-ms');
});

test.serial('calls says where a call is, waits for it and cancels it', async (t) => {
  const whole = {
    id: ID,
    function: 'f',
    version: 'ab'.repeat(32),
    revision: 1,
    createdAt: '2026-01-01T00:00:00Z',
  };
  let states: readonly object[] = [];
  let looks = 0;
  const { url, asked } = await stubServer(t, ({ method }, response) => {
    if (method === 'DELETE') return answerJson(response, 200, { id: ID, state: 'cancelled' });
    answerJson(response, 200, { ...whole, ...states[Math.min(looks++, states.length - 1)] });
  });
  const calls = (...args: readonly string[]): readonly string[] => ['calls', ID, '--url', url, ...args];
  const said = async (states_: readonly object[], ...args: readonly string[]) => {
    states = states_;
    looks = 0;
    const { code, stdout, stderr } = await snapvm(calls(...args));
    return [code, stdout.toString(), stderr];
  };
  t.deepEqual(await said([{ state: 'running' }]), [0, 'running\n', '']);
  t.is(asked.at(-1)?.url, `/v1/calls/${ID}`);
  const ending = [{ state: 'queued' }, { state: 'running' }, { state: 'succeeded', result: { a: 1 } }];
  t.deepEqual(await said(ending, '--wait'), [0, '{\n  "a": 1\n}\n', '']);
  t.deepEqual(await said([{ state: 'succeeded', resultBase64: 'AAE=' }]), [0, '\0\x01', '']);
  t.deepEqual(await said([{ state: 'succeeded' }]), [0, '', '']);
  t.deepEqual(await said([{ state: 'lost' }]), [1, 'lost\n', '']);
  t.deepEqual(await said([{ state: 'failed', problem: PROBLEM }], '--wait'), [
    1,
    '',
    'snapvm: SNAPVM_JS_ERROR: f: Error: odd\n',
  ]);
  t.deepEqual(await said([], '--cancel'), [0, 'cancelled\n', '']);
  t.is(asked.at(-1)?.method, 'DELETE');
  states = [{ state: 'failed', problem: { ...PROBLEM, code: 'SNAPVM_CALL_TIMEOUT' } }];
  t.like(await json(t, calls(), 124), { ...whole, state: 'failed', error: { code: 'SNAPVM_CALL_TIMEOUT' } });
  states = [{ state: 'succeeded', result: [1] }];
  t.deepEqual(await json(t, calls()), { ...whole, state: 'succeeded', result: [1] });
  await failsWith(t, calls('--wait', '--cancel'), 2, '--wait and --cancel');
  await failsWith(t, ['calls', '--url', url], 2, 'calls needs <id>');
});

test.serial('a server answers batches and asynchronous calls', async (t) => {
  const { client, url } = await serve(t, ['--directory', scratchDirectory(t)]);
  await client.deploy('f', 'export default (n) => { if (n % 2) throw new Error("odd"); return n; }');
  const batch = await snapvm(['call', 'f', '--batch', '-', '--url', url], { stdin: '1\n2\n' });
  t.is(batch.code, 1);
  t.deepEqual(
    linesIn(batch.stdout).map(({ status }) => status),
    [422, 200],
  );
  const { stdout } = await snapvm(['call', 'f', '--async', '--event', '4', '--url', url]);
  const answered = await snapvm(['calls', stdout.toString().trim(), '--wait', '--url', url]);
  t.like(answered, { code: 0, stdout: Buffer.from('4\n'), stderr: '' });
  await failsWith(t, ['calls', 'x', '--url', url], 1, 'SNAPVM_SERVER_UNKNOWN');
});
