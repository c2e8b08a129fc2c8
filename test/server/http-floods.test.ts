// Requests that are large in one way or another: each is refused before it costs much, and others are answered.
import test from 'ava';
import { callJs, deployJs, problemOf, send, startServer } from '../support/http-server.js';

const JSON_TYPE = { 'content-type': 'application/json' };
const LINES = { 'content-type': 'application/x-ndjson' };
const TOO_LARGE = '413 SNAPVM_SERVER_TOO_LARGE';
const INPUT_TOO_LARGE = '413 SNAPVM_CALL_INPUT_TOO_LARGE';
const BAD = '400 SNAPVM_SERVER_REQUEST';
/** Of the tar's own. */
const BLOCK = 512;

test('JSON of too many parts is refused wherever it is taken', async (t) => {
  const server = await startServer(t);
  await deployJs(server, 'f', 'export default (x) => x;');
  const put = (path: string, headers: Record<string, string>, body: string) =>
    send(server, 'POST', path, { headers, body });
  const objects = `[${'{},'.repeat(1_000_001)}1]`;
  t.is(problemOf(t, await put('/v1/functions/f', JSON_TYPE, objects)), INPUT_TOO_LARGE);
  t.is(problemOf(t, await put('/v1/functions/f/async', JSON_TYPE, objects)), INPUT_TOO_LARGE);
  t.is(problemOf(t, await put('/v1/functions/f/batch', JSON_TYPE, objects)), TOO_LARGE);
  const [entry] = (await put('/v1/functions/f/batch', JSON_TYPE, `[${objects}]`)).json;
  t.like(entry, { status: 413, problem: { code: 'SNAPVM_CALL_INPUT_TOO_LARGE' } });
  t.is(problemOf(t, await put('/mcp', JSON_TYPE, `{"a":${objects}}`)), TOO_LARGE);
  // What is in a text counts for nothing.
  const text = '{[,'.repeat(300_000);
  t.is((await callJs(server, 'f', text)).json, text);
  const escaped = `${'"\\'.repeat(100)}${'{,'.repeat(1000)}`;
  t.is((await callJs(server, 'f', escaped)).json, escaped);
});

test('a line of 60 MB is one input that is too large', async (t) => {
  const server = await startServer(t);
  await deployJs(server, 'f', 'export default (x) => x;');
  const body = `1\n"${'x'.repeat(60_000_000)}"\n2\n`;
  const answer = await send(server, 'POST', '/v1/functions/f/batch', { headers: LINES, body });
  t.is(answer.status, 200);
  t.deepEqual(
    answer.json.map(({ status, result }: { status: number; result?: unknown }) => [status, result]),
    [
      [200, 1],
      [413, undefined],
      [200, 2],
    ],
  );
});

test('a form of a thousand parts is refused, whatever they are called', async (t) => {
  const server = await startServer(t);
  await deployJs(server, 'f', 'export default (x) => x;');
  for (const name of ['source', 'policy', 'x']) {
    const form = new FormData();
    for (let i = 0; i < 1000; i++) form.append(name, new Blob(['1'], { type: 'text/javascript' }), 'a');
    t.is(problemOf(t, await send(server, 'PUT', '/v1/functions/f', { body: form })), BAD, name);
  }
  t.is((await callJs(server, 'f', 'still there')).json, 'still there');
});

/** A tar of one entry whose header is as given, with its sum. */
function tarWith(fields: (header: Buffer) => void, content = Buffer.alloc(0)): Uint8Array {
  const header = Buffer.alloc(BLOCK);
  header.write('entry', 0);
  header.write('0000644\0', 100);
  header.write('00000000000\0', 124);
  header.write('0', 156);
  header.write('ustar\x0000', 257, 'latin1');
  fields(header);
  header.write(' '.repeat(8), 148);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  const padded = Buffer.alloc(Math.ceil(content.length / BLOCK) * BLOCK);
  content.copy(padded);
  return Buffer.concat([header, padded, Buffer.alloc(2 * BLOCK)]);
}

test('a tar that says it is larger than it is, or has holes, is refused', async (t) => {
  const server = await startServer(t);
  const put = async (tar: Uint8Array): Promise<string> => {
    const form = new FormData();
    form.append('source', new Blob(['x'], { type: 'application/vnd.snapvm.linux+elf' }), 'a');
    form.append('files', new Blob([tar as Uint8Array<ArrayBuffer>], { type: 'application/x-tar' }), 'a');
    return problemOf(t, await send(server, 'PUT', '/v1/functions/f', { body: form }));
  };
  const typed = (type: string) => tarWith((header) => header.write(type, 156));
  // The program is none, which is said when its files were read.
  t.is(await put(tarWith(() => {})), '422 SNAPVM_ELF_MAGIC');
  t.is(await put(tarWith((header) => header.write('77777777777\0', 124))), BAD, '8 GiB');
  const huge = tarWith((header) => Buffer.from('80ffffffffffffffffffffff', 'hex').copy(header, 124));
  t.is(await put(huge), BAD, 'a length of 2 ** 88');
  t.is(await put(typed('S')), BAD, 'a sparse file');
  for (const type of ['1', '2', '3', '4', '6']) t.is(await put(typed(type)), BAD, `type ${type}`);
  const pax = (record: string) =>
    tarWith((header) => {
      header.write('x', 156);
      header.write(`${record.length.toString(8).padStart(11, '0')}\0`, 124);
    }, Buffer.from(record));
  const long = `path=${'../'.repeat(400)}etc\n`;
  const record = `${long.length + 5} ${long}`;
  const renamed = Buffer.concat([pax(record).subarray(0, -2 * BLOCK), tarWith(() => {})]);
  t.is(await put(renamed), BAD, 'a path of an extended header');
  const many = Buffer.concat(Array.from({ length: 10_001 }, () => tarWith(() => {}).subarray(0, BLOCK)));
  t.is(await put(Buffer.concat([many, Buffer.alloc(2 * BLOCK)])), BAD, 'the same name ten thousand times');
});
