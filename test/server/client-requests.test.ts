/** What the client sends, and what it makes of answers, against a server that answers as the test says. */
import test, { type ExecutionContext } from 'ava';
import { SnapvmClient, SnapvmRequestError } from '../../src/client/index.js';
import { answerJson, answerProblem, closedUrl, type Stub, stubServer } from '../support/stub-server.js';

/** The error that a promise rejects with. */
async function failureOf(t: ExecutionContext, promise: Promise<unknown>): Promise<SnapvmRequestError> {
  const error = await t.throwsAsync(promise, { instanceOf: SnapvmRequestError });
  if (error === undefined) throw new Error('it did not fail');
  return error;
}

function lastOf({ asked }: Stub) {
  const last = asked.at(-1);
  if (last === undefined) throw new Error('nothing was asked');
  return last;
}

test('a call sends its input, options and token, and gives what JSON came back', async (t) => {
  const stub = await stubServer(t, (_asked, response) =>
    answerJson(
      response,
      200,
      { sum: 3 },
      {
        'snapvm-version': 'ab'.repeat(32),
        'snapvm-revision': '7',
        'snapvm-duration-us': '120.5',
        'snapvm-queue-us': '8',
        'snapvm-dirty-pages': '4',
        'x-request-id': 'r1',
      },
    ),
  );
  const client = new SnapvmClient({ url: `${stub.url}/below/`, token: 'secret' });
  const info = await client.callWithInfo('add', [1, 2], {
    fn: 'sum',
    alias: 'beta',
    timeoutMs: 50,
    deadlineMs: 2500,
    args: ['-n', 'ä"'],
  });
  t.deepEqual(info, {
    result: { sum: 3 },
    version: 'ab'.repeat(32),
    revision: 7,
    durationUs: 120.5,
    queueUs: 8,
    dirtyPages: 4,
    exitCode: undefined,
    requestId: 'r1',
  });
  const { method, url, headers, body } = lastOf(stub);
  t.is(`${method} ${url}`, 'POST /below/v1/functions/add?alias=beta');
  t.like(headers, {
    authorization: 'Bearer secret',
    'content-type': 'application/json',
    'snapvm-fn': 'sum',
    'snapvm-timeout-ms': '50',
    'snapvm-deadline-ms': '2500',
    'snapvm-args': '["-n","\\u00e4\\""]',
  });
  t.is(body.toString(), '[1,2]');
});

test('bytes go and come as they are, and nothing as nothing', async (t) => {
  const stub = await stubServer(t, ({ body }, response) => {
    if (body.length === 0) response.writeHead(204).end();
    else response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(body);
  });
  const client = new SnapvmClient({ url: stub.url });
  t.deepEqual(await client.call('echo', new Uint8Array([0, 255])), new Uint8Array([0, 255]));
  t.is(lastOf(stub).headers['content-type'], 'application/octet-stream');
  t.is(await client.call('echo'), undefined);
  t.is(lastOf(stub).headers['content-type'], undefined);
  t.is(lastOf(stub).headers.authorization, undefined);
});

test('names are encoded, and those that a path cannot have are refused', async (t) => {
  const stub = await stubServer(t, (_asked, response) => answerJson(response, 200, {}));
  const client = new SnapvmClient({ url: stub.url });
  await client.get('../a b/é?#');
  t.is(lastOf(stub).url, '/v1/functions/..%2Fa%20b%2F%C3%A9%3F%23');
  await client.setAlias('f', 'be ta', 3);
  t.is(lastOf(stub).url, '/v1/functions/f/aliases/be%20ta');
  t.is(lastOf(stub).body.toString(), '{"version":"3"}');
  for (const name of ['', '.', '..']) {
    t.like(await failureOf(t, client.get(name)), { code: 'SNAPVM_CLIENT_OPTION' });
    t.like(await failureOf(t, client.setAlias('f', name, 1)), { code: 'SNAPVM_CLIENT_OPTION' });
    t.like(await failureOf(t, client.getCall(name)), { code: 'SNAPVM_CLIENT_OPTION' });
  }
  t.is(stub.asked.length, 2);
});

test('a problem becomes an error with all that it says', async (t) => {
  const thrown = { name: 'RangeError', message: 'no', stack: 'RangeError: no\n    at f (function.js:1:1)' };
  const stub = await stubServer(t, ({ url }, response) => {
    if (url.endsWith('/throws'))
      answerProblem(
        response,
        { status: 422, code: 'SNAPVM_JS_ERROR', detail: 'f: RangeError: no', thrown, function: 'f' },
        { 'snapvm-error': 'function' },
      );
    else
      answerProblem(
        response,
        { status: 429, code: 'SNAPVM_SERVER_QUOTA', detail: 'too many calls' },
        { 'snapvm-error': 'service', 'retry-after': '3' },
      );
  });
  const client = new SnapvmClient({ url: stub.url });
  const ofFunction = await failureOf(t, client.call('throws'));
  t.like(ofFunction, {
    name: 'SnapvmRequestError',
    code: 'SNAPVM_JS_ERROR',
    message: 'f: RangeError: no',
    status: 422,
    isFunctionError: true,
    retryAfterSeconds: undefined,
    problem: { thrown, function: 'f' },
  });
  t.like(await failureOf(t, client.call('busy')), {
    code: 'SNAPVM_SERVER_QUOTA',
    status: 429,
    isFunctionError: false,
    retryAfterSeconds: 3,
  });
});

test('what is no answer of snapvm is told as such', async (t) => {
  const stub = await stubServer(t, ({ url }, response) => {
    if (url.includes('proxy')) response.writeHead(502, { 'content-type': 'text/html' }).end('<h1>no</h1>');
    else if (url.includes('moved')) response.writeHead(302, { location: '/v1/functions/other' }).end();
    else if (url.includes('list')) answerProblem(response, [] as never);
    else response.writeHead(200, { 'content-type': 'application/json' }).end('{"half":');
  });
  const client = new SnapvmClient({ url: stub.url });
  for (const [name, status] of [
    ['proxy', 502],
    ['moved', 302],
    ['half', 200],
  ] as const) {
    const error = await failureOf(t, client.get(name));
    t.like(error, { code: 'SNAPVM_CLIENT_ANSWER', status, problem: undefined, isFunctionError: false });
  }
  t.is(stub.asked.length, 3);
});

test('a server that is not there, or breaks off, is SNAPVM_CLIENT_UNREACHABLE', async (t) => {
  const stub = await stubServer(t, ({ url }, response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' });
    if (url.includes('half')) response.write('{');
    response.destroy();
  });
  const client = new SnapvmClient({ url: stub.url });
  t.like(await failureOf(t, client.get('gone')), { code: 'SNAPVM_CLIENT_UNREACHABLE', status: undefined });
  t.like(await failureOf(t, client.get('half')), { code: 'SNAPVM_CLIENT_UNREACHABLE' });
  const url = await closedUrl();
  const nobody = await failureOf(t, new SnapvmClient({ url }).get('f'));
  t.is(nobody.code, 'SNAPVM_CLIENT_UNREACHABLE');
  t.is(nobody.message, `no answer from ${url}: ECONNREFUSED`);
});

test('an answer that is too long is given up', async (t) => {
  const stub = await stubServer(t, (_asked, response) => {
    response.writeHead(200, { 'content-type': 'application/octet-stream' });
    const more = (): void => {
      while (!response.destroyed && response.write(Buffer.alloc(65_536)));
      response.once('drain', more);
    };
    more();
  });
  const client = new SnapvmClient({ url: stub.url, maxAnswerBytes: 1_000_000 });
  const error = await failureOf(t, client.call('endless'));
  t.like(error, { code: 'SNAPVM_CLIENT_ANSWER', status: 200 });
  t.regex(error.message, /1000000 bytes/);
});

test('a signal ends a call with its reason, before and while it waits', async (t) => {
  const controller = new AbortController();
  const reason = new Error('enough');
  const hungUp = new Promise<void>((resolve) => {
    void stubServer(t, (_asked, response) => {
      response.once('close', resolve);
      controller.abort(reason);
    }).then(async ({ url }) => {
      const client = new SnapvmClient({ url });
      t.is(await t.throwsAsync(client.call('slow', 1, { signal: controller.signal })), reason);
      t.is(await t.throwsAsync(client.call('slow', 1, { signal: controller.signal })), reason);
    });
  });
  await hungUp;
  t.pass();
});

test('a batch gives each answer or error in its place, and sends bytes as base64', async (t) => {
  const problem = { status: 422, code: 'SNAPVM_JS_ERROR', detail: 'f: no', function: 'f' };
  const stub = await stubServer(t, (_asked, response) =>
    answerJson(response, 200, [{ status: 200, result: 1 }, { status: 422, problem }, { status: 204 }]),
  );
  const answers = await new SnapvmClient({ url: stub.url }).batch('f', [1, new Uint8Array([255]), null]);
  t.is(lastOf(stub).body.toString(), '[1,{"base64":"/w=="},null]');
  t.deepEqual(answers[0], { ok: true, result: 1 });
  const [, failed, nothing] = answers;
  t.true(failed?.ok === false && failed.error.isFunctionError && failed.error.code === 'SNAPVM_JS_ERROR');
  t.deepEqual(nothing, { ok: true, result: undefined });
});

test('an asynchronous call is waited for until it has ended', async (t) => {
  const states = ['queued', 'running', 'running', 'succeeded'];
  const call = { id: 'c1', function: 'f', version: 'ab', revision: 1, createdAt: '2026-01-01T00:00:00Z' };
  const stub = await stubServer(t, ({ method, url }, response) => {
    if (method === 'POST') answerJson(response, 202, { id: 'c1', state: 'queued' });
    else if (url.endsWith('/bad')) {
      const problem = { status: 422, code: 'SNAPVM_CALL_TIMEOUT', detail: 'late', function: 'f' };
      answerJson(response, 200, { ...call, id: 'bad', state: 'failed', problem });
    } else {
      const state = states.shift() ?? 'succeeded';
      answerJson(response, 200, { ...call, state, ...(state === 'succeeded' && { resultBase64: '/w==' }) });
    }
  });
  const client = new SnapvmClient({ url: stub.url });
  t.deepEqual(await client.callAsync('f', { n: 1 }), { id: 'c1', state: 'queued' });
  t.is(lastOf(stub).url, '/v1/functions/f/async');
  const ended = await client.waitForCall('c1', { pollMs: 1 });
  t.deepEqual(ended, { ...call, state: 'succeeded', result: new Uint8Array([255]) });
  t.deepEqual(states, []);
  const bad = await client.waitForCall('bad');
  t.like(bad, { state: 'failed', error: { code: 'SNAPVM_CALL_TIMEOUT', isFunctionError: true } });
});

test('waiting for a call ends with its signal', async (t) => {
  const controller = new AbortController();
  const { signal } = controller;
  const reason = new Error('enough');
  const client = new SnapvmClient({
    fetch: async () => {
      // Whoever listens from now on waits for the next look.
      const listen = signal.addEventListener.bind(signal);
      signal.addEventListener = (type: string, listener: () => void) => {
        listen(type, listener);
        controller.abort(reason);
      };
      return Response.json({ id: 'c', state: 'running' });
    },
  });
  t.is(await t.throwsAsync(client.waitForCall('c', { pollMs: 600_000, signal })), reason);
});

test('list asks for one page after the other, and only for those that are wanted', async (t) => {
  const stub = await stubServer(t, ({ url }, response) => {
    if (url.includes('after=b')) answerJson(response, 200, { functions: [{ name: 'c' }] });
    else answerJson(response, 200, { functions: [{ name: 'a' }, { name: 'b' }], next: 'b' });
  });
  const client = new SnapvmClient({ url: stub.url });
  const names: string[] = [];
  for await (const { name } of client.list({ pageSize: 2 })) names.push(name);
  t.deepEqual(names, ['a', 'b', 'c']);
  t.deepEqual(
    stub.asked.map(({ url }) => url),
    ['/v1/functions?limit=2', '/v1/functions?limit=2&after=b'],
  );
  for await (const { name } of client.list()) {
    t.is(name, 'a');
    break;
  }
  t.is(stub.asked.length, 3);
});

test('health says whether the server is ready, also when it is not', async (t) => {
  let status = 200;
  const { url } = await stubServer(t, (_asked, response) =>
    answerJson(response, status, { status: 'a word' }),
  );
  const client = new SnapvmClient({ url });
  t.deepEqual(await client.health(), { status: 'a word', ready: true });
  status = 503;
  t.deepEqual(await client.health(), { status: 'a word', ready: false });
});

test('options that are wrong are named, and a token is not shown', async (t) => {
  for (const url of ['nowhere', 'ftp://a/', 'http://user:pw@a/', 'http://a/?b', 'http://a/#b'])
    t.throws(() => new SnapvmClient({ url }), { code: 'SNAPVM_CLIENT_OPTION', message: /^url / });
  const error = t.throws(() => new SnapvmClient({ token: 'a secret\nx: y' }), {
    code: 'SNAPVM_CLIENT_OPTION',
  });
  t.false(error?.message.includes('secret'));
  t.throws(() => new SnapvmClient({ maxAnswerBytes: -1 }), { message: /^maxAnswerBytes is -1/ });
  const client = new SnapvmClient({ url: 'http://127.0.0.1:1' });
  const circle: Record<string, unknown> = {};
  circle['self'] = circle;
  for (const [promise, name] of [
    [client.call('f', circle), 'input'],
    [client.call('f', () => 1), 'input'],
    [client.call('f', 1, { timeoutMs: 0 }), 'timeoutMs'],
    [client.call('f', 1, { deadlineMs: Number.NaN }), 'deadlineMs'],
    [client.call('f', 1, { fn: 'a\nb' }), 'fn'],
    [client.call('f', 1, { fn: '' }), 'fn'],
    [client.batch('f', 'no list' as never), 'inputs'],
    [client.deploy('f', { native: 'no bytes' as never }), 'native'],
    [client.deploy('f', {} as never), 'source'],
    [client.waitForCall('c', { pollMs: 0 }), 'pollMs'],
    [client.list({ pageSize: 0 }).next(), 'pageSize'],
  ] as const) {
    const failure = await failureOf(t, promise);
    t.is(failure.code, 'SNAPVM_CLIENT_OPTION');
    t.true(failure.message.startsWith(`${name} is `), failure.message);
  }
});
