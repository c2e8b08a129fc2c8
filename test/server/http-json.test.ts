// JSON that was made to be slow: what is refused is not parsed, and what is long is parsed in turns.
import test from 'ava';
import { type BatchFor, inputsInLines, inputsInList } from '../../src/server/http/batch-inputs.js';
import { inputFromBody } from '../../src/server/http/inputs.js';
import { parseJson } from '../../src/server/http/json.js';
import { problemOf, send, startServer } from '../support/http-server.js';

const JSON_TYPE = 'application/json';
const MIB = 2 ** 20;
const KIND = { kind: 'js', policy: {} } as const;

function batchFor(): BatchFor & { readonly held: number[] } {
  const held: number[] = [];
  return { version: KIND, hold: (bytes) => void held.push(bytes), held };
}

/** Lists in a list, of some MiB. */
function lists(mib: number): Buffer {
  return Buffer.from(`[${'[],'.repeat((mib * MIB) / 3)}0]`);
}

/** What `work` gives or throws, how often it has JSON parsed, and how many turns the event loop had meanwhile. */
async function watched<T>(work: () => Promise<T> | T) {
  const { parse } = JSON;
  let parsed = 0;
  let turns = 0;
  let goesOn = true;
  const turn = (): void => {
    turns += 1;
    if (goesOn) setImmediate(turn);
  };
  JSON.parse = (...given) => {
    parsed += 1;
    return parse(...given);
  };
  setImmediate(turn);
  try {
    const outcome = await (async () => await work())().then(
      (value) => ({ value, code: undefined }),
      (error: { readonly code?: string }) => ({ value: undefined, code: error.code }),
    );
    return { ...outcome, parsed, turns };
  } finally {
    goesOn = false;
    JSON.parse = parse;
  }
}

test.serial('an input that no function is given is not parsed', async (t) => {
  const refused = await watched(() => inputFromBody(KIND, lists(8), JSON_TYPE));
  t.like(refused, { code: 'SNAPVM_CALL_INPUT_TOO_LARGE', parsed: 0 });
  // White space does not count, nor what escapes take more than what they stand for.
  const spaced = Buffer.from(`[${' '.repeat(3 * MIB)}"${'\\u0001'.repeat(MIB - 10)}"]`);
  t.like(await watched(() => inputFromBody(KIND, spaced, JSON_TYPE)), { code: undefined, parsed: 1 });
  const long = Buffer.from(JSON.stringify('x'.repeat(MIB)));
  t.is((await watched(() => inputFromBody(KIND, long, JSON_TYPE))).code, 'SNAPVM_CALL_INPUT_TOO_LARGE');
  const quotes = Buffer.from(JSON.stringify(['"[\\'.repeat(1000), ']']));
  t.deepEqual(inputFromBody(KIND, quotes, JSON_TYPE), ['"[\\'.repeat(1000), ']']);
});

test.serial('JSON of too many parts is not parsed, however large inputs may be', async (t) => {
  const large = { kind: 'js', policy: { inputBytes: 64 * MIB } } as const;
  const refused = await watched(() => inputFromBody(large, lists(32), JSON_TYPE));
  t.like(refused, { code: 'SNAPVM_SERVER_TOO_LARGE', parsed: 0 });
  t.like(await watched(() => parseJson(lists(32), 'it')), { code: 'SNAPVM_SERVER_TOO_LARGE', parsed: 0 });
});

test.serial('a batch of too many inputs or lines is refused before one is parsed', async (t) => {
  const many = { code: 'SNAPVM_SERVER_TOO_LARGE', parsed: 0 };
  t.like(await watched(() => inputsInLines(Buffer.from('1\n'.repeat(10_001)), batchFor())), many);
  t.like(await watched(() => inputsInLines(Buffer.alloc(32 * MIB, '\n'), batchFor())), many);
  t.like(await watched(() => inputsInList(lists(32), batchFor())), many);
  const most = await watched(() => inputsInLines(Buffer.from('1\n\n'.repeat(10_000)), batchFor()));
  t.is(most.value?.length, 10_000);
  t.is((await inputsInList(Buffer.from(JSON.stringify(Array(10_000).fill(0))), batchFor())).length, 10_000);
});

test.serial('others have their turns while a long batch is read', async (t) => {
  const input = lists(0.25);
  const lines = Buffer.concat(Array.from({ length: 16 }, () => [input, Buffer.from('\n')]).flat());
  const ofLines = batchFor();
  const inLines = await watched(() => inputsInLines(lines, ofLines));
  t.like(inLines, { code: undefined, parsed: 16 });
  t.true(inLines.turns >= 15, `${inLines.turns} turns`);
  t.is(ofLines.held.length, 16, 'what they take in memory is counted');
  const list = Buffer.from(`[${Array.from({ length: 16 }, () => input.toString()).join()}]`);
  const inList = await watched(() => inputsInList(list, batchFor()));
  t.like(inList, { code: undefined, parsed: 16 });
  t.true(inList.turns >= 15, `${inList.turns} turns`);
  t.is(inList.value?.length, 16);
  // One that has white space only is looked through in turns, too.
  const blank = Buffer.alloc(16 * MIB, ' ');
  blank[0] = 0x5b;
  t.true((await watched(() => inputsInList(blank, batchFor()))).turns >= 15);
});

test('a list is cut where JSON has its commas', async (t) => {
  const values = async (text: string) => await inputsInList(Buffer.from(text), batchFor());
  for (const text of ['[]', ' [ ]\n', '[1]', '["a,]\\"[", {"a,":[1,{"b":[]}]} , null]', '[[[]],[{}]]'])
    t.deepEqual(
      await values(text),
      (JSON.parse(text) as unknown[]).map((value) => ({ value })),
      text,
    );
  for (const text of [
    '',
    '{}',
    '1',
    '[',
    '[1',
    '[1,]',
    '[,1]',
    '[1,,2]',
    '[1}',
    '[[1}]',
    '[1]]',
    '[1]2',
    '["a]',
    '[1 2]',
    '1,[2]',
  ])
    await t.throwsAsync(values(text), { code: 'SNAPVM_SERVER_REQUEST' }, text);
});

test('a message for assistants is bounded', async (t) => {
  const server = await startServer(t);
  const headers = { 'content-type': JSON_TYPE, accept: 'application/json, text/event-stream' };
  const post = async (body: Uint8Array) =>
    problemOf(t, await send(server, 'POST', '/mcp', { headers, body }));
  t.is(await post(Buffer.alloc(4 * MIB + 1, ' ')), '413 SNAPVM_SERVER_TOO_LARGE');
  t.is(await post(lists(2)), '413 SNAPVM_SERVER_TOO_LARGE');
});
