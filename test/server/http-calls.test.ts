// Calls over HTTP: inputs and answers, limits, problems, batches.
import test from 'ava';
import { sleep } from '../support/engine.js';
import { callJs, deployJs, problemOf, send, startServer } from '../support/http-server.js';

const JSON_BODY = { 'content-type': 'application/json' };

const EXAMPLES = `
  export default (x) => x;
  export const kind = (x) => x === undefined ? 'undefined' : x instanceof Uint8Array ? 'bytes ' + x.length : typeof x;
  export const bytes = (n) => new Uint8Array(n).fill(7);
  export const nothing = () => {};
  export const fail = (x) => { throw Object.assign(new RangeError('too far'), { code: 'E_FAR', at: x }); };
  export const keys = (x) => Object.keys(x);
  export const spin = () => { for (;;); };
  export const huge = (n) => 'x'.repeat(n);
`;

test('a value goes in and comes out as JSON, bytes as bytes, nothing as 204', async (t) => {
  const server = await startServer(t);
  await deployJs(server, 'f', EXAMPLES);
  for (const value of [null, true, 0, -1.5, 'ä\n"', [], [1, [2]], { a: { b: [null] } }])
    t.deepEqual((await callJs(server, 'f', value)).json, value);
  const answer = await callJs(server, 'f', 1);
  t.regex(answer.headers.get('snapvm-version') ?? '', /^[0-9a-f]{64}$/);
  t.is(answer.headers.get('snapvm-revision'), '1');
  for (const name of ['snapvm-duration-us', 'snapvm-queue-us', 'snapvm-dirty-pages'])
    t.regex(answer.headers.get(name) ?? '', /^\d+$/, name);
  t.is((await callJs(server, 'f', 4, { 'snapvm-fn': 'bytes' })).bytes.join(), '7,7,7,7');
  const nothing = await callJs(server, 'f', 4, { 'snapvm-fn': 'nothing' });
  t.is(nothing.status, 204);
  t.is(nothing.text, '');
  const kind = async (headers: Record<string, string>, body?: string | Uint8Array) =>
    (
      await send(server, 'POST', '/v1/functions/f', {
        headers: { 'snapvm-fn': 'kind', ...headers },
        ...(body !== undefined && { body }),
      })
    ).json;
  t.is(await kind({}), 'undefined');
  t.is(await kind(JSON_BODY, ''), 'undefined');
  t.is(await kind({ 'content-type': 'application/octet-stream' }, new Uint8Array(3)), 'bytes 3');
  t.is(await kind({ 'content-type': 'application/octet-stream' }), 'bytes 0');
});

test('a key __proto__ is data, and pollutes nothing', async (t) => {
  const server = await startServer(t);
  await deployJs(server, 'f', EXAMPLES);
  const body = '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}';
  const keys = await send(server, 'POST', '/v1/functions/f', {
    headers: { ...JSON_BODY, 'snapvm-fn': 'keys' },
    body,
  });
  t.deepEqual(keys.json, ['__proto__', 'constructor']);
  t.is((await send(server, 'POST', '/v1/functions/f', { headers: JSON_BODY, body })).text, body);
  t.is(({} as { polluted?: unknown }).polluted, undefined);
});

test("a function's error is a problem of the function, with what it threw", async (t) => {
  const server = await startServer(t);
  await deployJs(server, 'f', EXAMPLES);
  const failed = await callJs(server, 'f', 5, { 'snapvm-fn': 'fail', 'x-request-id': 'my-id-1' });
  t.is(problemOf(t, failed), '422 SNAPVM_JS_ERROR');
  t.is(failed.headers.get('x-request-id'), 'my-id-1');
  t.like(failed.json, { function: 'f', fn: 'fail' });
  t.like(failed.json.thrown, {
    name: 'RangeError',
    message: 'too far',
    code: 'E_FAR',
    properties: { at: 5 },
  });
  t.is(problemOf(t, await callJs(server, 'f', 0, { 'snapvm-fn': 'none' })), '404 SNAPVM_CALL_FUNCTION');
  t.is(problemOf(t, await callJs(server, 'f', 3_000_000, { 'snapvm-fn': 'huge' })).slice(0, 3), '422');
});

test('what a function throws or answers may have no JSON', async (t) => {
  const server = await startServer(t);
  const headers = { 'content-type': 'application/javascript' };
  const body = `
    export default () => { const at = { big: 1n, map: new Map([['a', 1n]]) }; at.self = at; throw Object.assign(new Error('x'), { at }); };
    export const big = () => 1n;
    export const cycle = () => { const a = {}; a.a = a; return a; };
    export const map = () => new Map([[1, 2]]);
  `;
  await send(server, 'PUT', '/v1/functions/f?values=clone&timeoutMs=60000', { headers, body });
  const thrown = await callJs(server, 'f', 0);
  t.is(problemOf(t, thrown), '422 SNAPVM_JS_ERROR');
  t.deepEqual(thrown.json.thrown.properties, { at: { big: '1', map: [['a', '1']] } });
  for (const fn of ['big', 'cycle'])
    t.is(problemOf(t, await callJs(server, 'f', 0, { 'snapvm-fn': fn })), '422 SNAPVM_GUEST_UNSUPPORTED');
  t.deepEqual((await callJs(server, 'f', 0, { 'snapvm-fn': 'map' })).json, {});
});

test('what is wrong with a call is said before it runs', async (t) => {
  const server = await startServer(t, { bodyBytes: 2_000_000 });
  await deployJs(server, 'f', EXAMPLES);
  const call = async (headers: Record<string, string>, body: string | Uint8Array = '1', query = '') =>
    problemOf(t, await send(server, 'POST', `/v1/functions/f${query}`, { headers, body }));
  t.is(await call({ 'content-type': 'text/plain' }), '415 SNAPVM_SERVER_MEDIA');
  for (const body of ['{', '01', '"\xff', '[1,]', '{"a":1}}', 'undefined'])
    t.is(await call(JSON_BODY, body), '400 SNAPVM_SERVER_REQUEST', body);
  t.is(await call(JSON_BODY, new Uint8Array([0x22, 0xff, 0x22])), '400 SNAPVM_SERVER_REQUEST');
  t.is(await call(JSON_BODY, '['.repeat(100_000)), '400 SNAPVM_SERVER_REQUEST');
  t.is(await call(JSON_BODY, '{"a":'.repeat(600) + '1' + '}'.repeat(600)), '400 SNAPVM_SERVER_REQUEST');
  t.is((await callJs(server, 'f', '['.repeat(100_000))).status, 200); // brackets in a text nest nothing
  t.is(await call(JSON_BODY, JSON.stringify('x'.repeat(1_500_000))), '413 SNAPVM_CALL_INPUT_TOO_LARGE');
  t.is(await call(JSON_BODY, JSON.stringify('x'.repeat(2_000_000))), '413 SNAPVM_SERVER_TOO_LARGE');
  for (const name of ['snapvm-timeout-ms', 'snapvm-deadline-ms'])
    for (const value of ['0', '-1', 'x', '1e3', '99999999', ' ', '1,2'])
      t.is(await call({ ...JSON_BODY, [name]: value }), '400 SNAPVM_SERVER_REQUEST', `${name}: ${value}`);
  t.is(await call({ ...JSON_BODY, 'snapvm-args': '["a"]' }), '400 SNAPVM_SERVER_REQUEST');
  for (const args of ['a', '{}', '[1]'])
    t.is(await call({ ...JSON_BODY, 'snapvm-args': args }), '400 SNAPVM_SERVER_REQUEST');
  t.is(await call(JSON_BODY, '1', '?version=9'), '404 SNAPVM_SERVER_UNKNOWN');
  t.is(await call(JSON_BODY, '1', '?version=abc'), '400 SNAPVM_SERVER_REQUEST');
  t.is(await call(JSON_BODY, '1', '?alias=a%2fb'), '400 SNAPVM_SERVER_NAME');
  t.is(await call(JSON_BODY, '1', '?alias=live&version=1'), '400 SNAPVM_SERVER_REQUEST');
  t.is(await call(JSON_BODY, '1', '?alias=live&alias=live'), '400 SNAPVM_SERVER_REQUEST');
  const { json } = await send(server, 'POST', '/v1/functions/f?alais=live', {
    headers: JSON_BODY,
    body: '1',
  });
  t.regex(json.detail, /did you mean "alias"\?/);
});

test('a call may shorten its time, not lengthen it, and a deadline holds', async (t) => {
  const server = await startServer(t);
  const headers = { 'content-type': 'application/javascript' };
  await send(server, 'PUT', '/v1/functions/f?timeoutMs=50', { headers, body: EXAMPLES });
  const spin = async (more: Record<string, string>) =>
    await callJs(server, 'f', 0, { 'snapvm-fn': 'spin', ...more });
  t.is((await spin({ 'snapvm-timeout-ms': '20' })).json.details.timeoutMs, 20);
  const longer = await spin({ 'snapvm-timeout-ms': '60000' });
  t.is(problemOf(t, longer), '422 SNAPVM_CALL_TIMEOUT');
  t.is(longer.json.details.timeoutMs, 50);
  await deployJs(server, 'slow', EXAMPLES);
  const late = await callJs(server, 'slow', 0, { 'snapvm-fn': 'spin', 'snapvm-deadline-ms': '100' });
  t.is(problemOf(t, late), '504 SNAPVM_CALL_DEADLINE');
});

test('a client that hangs up ends its call', async (t) => {
  const server = await startServer(t);
  await deployJs(server, 'f', EXAMPLES);
  const stop = new AbortController();
  const headers = { ...JSON_BODY, 'snapvm-fn': 'spin' };
  const call = send(server, 'POST', '/v1/functions/f', { headers, body: '1', signal: stop.signal });
  while (server.engine.stats().pending === 0) await sleep(1);
  stop.abort();
  await t.throwsAsync(call, { any: true, name: 'AbortError' });
  while (server.engine.stats().pending > 0) await sleep(1);
  t.is(server.engine.stats().errors.SNAPVM_CALL_ABORTED, 1);
  t.is((await callJs(server, 'f', 1)).json, 1);
});

test('a batch answers each input, in their order', async (t) => {
  const server = await startServer(t);
  await deployJs(
    server,
    'f',
    'export default (x) => { if (x === 2) throw new Error("two"); return x === 3 ? undefined : x === 4 ? new Uint8Array([1]) : x; };',
  );
  const batch = async (body: string, headers: Record<string, string> = JSON_BODY) =>
    await send(server, 'POST', '/v1/functions/f/batch', { headers, body });
  const { status, json } = await batch('[1,2,3,4,{"__proto__":1}]');
  t.is(status, 200);
  t.deepEqual(json[0], { status: 200, result: 1 });
  t.like(json[1], {
    status: 422,
    problem: { code: 'SNAPVM_JS_ERROR', function: 'f', thrown: { message: 'two' } },
  });
  t.deepEqual(json[2], { status: 204 });
  t.deepEqual(json[3], { status: 200, result: { base64: 'AQ==' } });
  t.is(JSON.stringify(json[4]), '{"status":200,"result":{"__proto__":1}}');
  t.deepEqual((await batch('[]')).json, []);
  const many = Array.from({ length: 500 }, (_, index) => index + 10);
  t.deepEqual(
    (await batch(JSON.stringify(many))).json,
    many.map((result) => ({ status: 200, result })),
  );
  const lines = await batch('1\n\n"a"\r\n', {
    'content-type': 'application/x-ndjson',
    accept: 'application/x-ndjson',
  });
  t.regex(lines.headers.get('content-type') ?? '', /^application\/x-ndjson/);
  t.is(lines.text, '{"status":200,"result":1}\n{"status":200,"result":"a"}\n');
  t.is(problemOf(t, await batch('{}')), '400 SNAPVM_SERVER_REQUEST');
  t.regex((await batch('1\nx\n', { 'content-type': 'application/x-ndjson' })).json.detail, /line 2/);
  t.is(problemOf(t, await batch('1', { 'content-type': 'text/plain' })), '415 SNAPVM_SERVER_MEDIA');
  t.is(problemOf(t, await batch(JSON.stringify(Array(10_001).fill(0)))), '413 SNAPVM_SERVER_TOO_LARGE');
  const gone = await send(server, 'POST', '/v1/functions/none/batch', { headers: JSON_BODY, body: '[1,2]' });
  t.is(problemOf(t, gone), '404 SNAPVM_SERVER_UNKNOWN');
});

test('host functions are told for whom they are called', async (t) => {
  const callers: unknown[] = [];
  const server = await startServer(t, {
    hostFunctions: {
      who: (_input, { caller }) => {
        const { tenant, token, requestId } = caller as Record<string, unknown>;
        callers.push({ tenant, token, requestId });
        return 'told';
      },
    },
  });
  const headers = { 'content-type': 'application/javascript' };
  const body = 'export default () => host.who();';
  const deployed = await send(server, 'PUT', '/v1/functions/f?hostFunctions=who&timeoutMs=60000', {
    headers,
    body,
  });
  t.is(deployed.status, 201, deployed.text);
  t.is((await callJs(server, 'f', 0, { 'x-request-id': 'r1' })).json, 'told');
  t.like(callers, [{ tenant: 'default', requestId: 'r1' }]);
});
