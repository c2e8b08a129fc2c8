// `/mcp` of a server: the tools of a tenant, deployed functions among them.
import { createHash } from 'node:crypto';
import test from 'ava';
import { guestPath } from '../conformance/guest.js';
import { deployModule, httpAssistant, mcpServer } from '../support/mcp.js';

const GREET = `export const description = 'Greets somebody.';
export const input = { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] };
export default ({ name }) => {
  console.log('greeting ' + name);
  if (name === '') throw new RangeError('nobody');
  return { hello: name };
};`;
const ANYTHING = { type: 'object', properties: { input: { description: 'Any JSON value.' } } };

function token(name: string): { token: string; sha256: string } {
  const text = `token-of-${name}-with-enough-characters`;
  return { token: text, sha256: createHash('sha256').update(text).digest('hex') };
}

test.serial('a deployed function is a tool, with its description and its schema', async (t) => {
  const server = await mcpServer(t, { mcp: { programs: { cat: guestPath('conformance/linux') } } });
  await deployModule(server, 'greet', GREET);
  await deployModule(server, 'plain', 'export default (x) => [x]');
  await deployModule(
    server,
    'typed',
    'export const input: Record<string, unknown> = { type: "object" }; export default (x: object): object => x;',
    { type: 'application/typescript' },
  );
  const assistant = await httpAssistant(t, server);
  const tools = await assistant.tools();
  t.deepEqual([...tools.keys()], ['run_javascript', 'run_linux', 'fn_greet', 'fn_plain', 'fn_typed']);
  t.like(tools.get('fn_greet'), {
    description: 'Greets somebody.',
    inputSchema: { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] },
  });
  t.like(tools.get('fn_plain'), { description: 'The deployed function plain.', inputSchema: ANYTHING });
  t.deepEqual(tools.get('fn_typed')?.inputSchema, { type: 'object' });
  t.deepEqual(await assistant.call('fn_greet', { name: 'Ada' }), {
    texts: ['{"hello":"Ada"}', 'console:\ngreeting Ada'],
    isError: false,
  });
  t.deepEqual(await assistant.call('fn_greet', { name: '' }), {
    texts: ['RangeError: nobody\n    at default (function.js:5:30)', 'console:\ngreeting '],
    isError: true,
  });
  t.deepEqual((await assistant.call('fn_plain', { input: { a: 1 } })).texts, ['[{"a":1}]']);
  t.deepEqual((await assistant.call('fn_plain')).texts, ['[null]']);
  t.true((await assistant.call('fn_plain', { a: 1 })).isError);
  t.deepEqual((await assistant.call('fn_typed', { a: 1 })).texts, ['{"a":1}']);
  t.deepEqual((await assistant.js('return input', { input: 5 })).texts, ['5']);
  const { texts } = await assistant.call('run_linux', { program: 'cat', args: ['cat'], stdin: 'x' });
  t.deepEqual(texts, ['x']);
});

test.serial('a tool is what is live, and calls run nothing but what was deployed', async (t) => {
  const server = await mcpServer(t);
  await deployModule(server, 'f', 'export const description = "First."; export default () => 1;');
  const assistant = await httpAssistant(t, server);
  t.is((await assistant.tools()).get('fn_f')?.description, 'First.');
  await deployModule(server, 'f', 'export const description = "Second."; export default () => 2;');
  t.is((await assistant.tools()).get('fn_f')?.description, 'Second.');
  t.deepEqual((await assistant.call('fn_f')).texts, ['2']);
  t.is((await fetch(`${server.url}/v1/functions/f/rollback`, { method: 'POST' })).status, 200);
  t.is((await assistant.tools()).get('fn_f')?.description, 'First.');
  const info: unknown = await (await fetch(`${server.url}/v1/functions/f`)).json();
  t.false(JSON.stringify(info).includes('snapvmDescribesItself'));
  t.is((await fetch(`${server.url}/v1/functions/f`, { method: 'DELETE' })).status, 204);
  t.false((await assistant.tools()).has('fn_f'));
  t.is((await assistant.rpcError('fn_f')).code, -32_602);
});

const HOSTILE: Readonly<Record<string, readonly [input: string, problem: string]>> = {
  text: ['"text"', 'it is no object'],
  list: ['[1]', 'it is no object'],
  type: ['{ type: "string" }', 'its type is not "object"'],
  properties: ['{ type: "object", properties: [1] }', 'not what a JSON schema has'],
  required: ['{ type: "object", required: [1] }', 'not what a JSON schema has'],
  large: ['{ type: "object", title: "x".repeat(20000) }', '16384 characters'],
  deep: [
    '(() => { let a = {}; for (let i = 0; i < 100; i++) a = { not: a }; return { type: "object", a }; })()',
    '32 levels',
  ],
  reference: [
    '{ type: "object", properties: { a: { $ref: "https://example.org/x" } } }',
    'a $ref leads out of it',
  ],
  huge: ['{ type: "object", title: "x".repeat(5e6) }', 'SNAPVM_GUEST_LIMIT'],
  getter: ['{ get type() { throw new Error("no"); } }', 'SNAPVM_JS_ERROR'],
  endless: ['{ get type() { for (;;); } }', 'SNAPVM_CALL_TIMEOUT'],
};

test.serial('a schema that is none costs its own function alone, and the tool says why', async (t) => {
  const server = await mcpServer(t);
  for (const [name, [input]] of Object.entries(HOSTILE))
    await deployModule(server, name, `export const input = ${input};\nexport default (x) => x;`);
  await deployModule(server, 'good', GREET);
  await deployModule(
    server,
    'proto',
    'export const input = JSON.parse(\'{"type":"object","__proto__":{"a":1},"constructor":{"b":1}}\'); ' +
      'export const description = { toString() { for (;;); } }; export default (x) => x;',
  );
  const assistant = await httpAssistant(t, server);
  const tools = await assistant.tools();
  for (const [name, [, problem]] of Object.entries(HOSTILE)) {
    const { description = '', inputSchema } = tools.get(`fn_${name}`) ?? {};
    t.true(description.includes(problem), `${name}: ${description}`);
    t.deepEqual(inputSchema, ANYTHING, name);
    t.deepEqual((await assistant.call(`fn_${name}`, { input: name })).texts, [name]);
  }
  t.is(tools.get('fn_good')?.description, 'Greets somebody.');
  t.is(tools.get('fn_proto')?.description, 'The deployed function proto.');
  t.is(({} as { a?: number }).a, undefined);
});

test.serial('each function has a tool of its own, whose name all clients take', async (t) => {
  const server = await mcpServer(t);
  const names = ['a_b', 'a.b', 'a_b_deadbeef', 'x'.repeat(64), 'constructor', '0'];
  for (const name of names) await deployModule(server, name, `export default () => ${JSON.stringify(name)};`);
  const assistant = await httpAssistant(t, server);
  const tools = [...(await assistant.tools()).keys()].filter((name) => name.startsWith('fn_'));
  t.is(new Set(tools).size, names.length);
  const answers: string[] = [];
  for (const tool of tools) {
    t.regex(tool, /^[A-Za-z0-9_-]{1,64}$/);
    answers.push(...(await assistant.call(tool)).texts);
  }
  t.deepEqual(answers.sort(), [...names].sort());
  t.true(tools.includes('fn_a_b') && tools.includes('fn_constructor'));
  for (const name of ['fn_', 'fn___proto__', 'fn_a_b_00000000', `fn_${'y'.repeat(1000)}`])
    t.is((await assistant.rpcError(name)).code, -32_602);
});

test.serial('a tenant sees and calls its own functions, and nobody does so without a token', async (t) => {
  const [ada, bob, caller] = [token('ada'), token('bob'), token('caller')];
  const server = await mcpServer(t, {
    access: {
      tokens: [
        { name: 'ada', tenant: 'a', roles: ['deploy', 'call'], sha256: ada.sha256 },
        { name: 'bob', tenant: 'b', roles: ['deploy'], sha256: bob.sha256 },
        { name: 'caller', tenant: 'a', roles: ['call'], sha256: caller.sha256 },
      ],
      tenants: { a: {}, b: { cpuSecondsPerDay: 0.000_001 } },
    },
  });
  await deployModule(server, 'greet', GREET, { token: ada.token });
  t.true((await (await httpAssistant(t, server, ada.token)).tools()).has('fn_greet'));
  const mayCall = await httpAssistant(t, server, caller.token);
  t.deepEqual(
    [...(await mayCall.tools()).keys()],
    ['fn_greet'],
    'who may not deploy runs no code of their own',
  );
  t.is((await mayCall.rpcError('run_javascript', { code: 'return 1' })).code, -32_602);
  const assistant = await httpAssistant(t, server, bob.token);
  t.deepEqual([...(await assistant.tools()).keys()], ['run_javascript']);
  t.is((await assistant.rpcError('fn_greet', { name: 'x' })).code, -32_602);
  t.deepEqual((await assistant.js('return 1')).texts, ['1']);
  const error = await assistant.rpcError('run_javascript', { code: 'return 1' });
  t.like(error, { code: -32_000, data: { code: 'SNAPVM_SERVER_QUOTA' } });
  for (const given of [undefined, 'nobody-has-this-token'])
    await t.throwsAsync(httpAssistant(t, server, given), {
      message: /401|nauthorized|SNAPVM_SERVER_UNAUTHORIZED/,
    });
});

test.serial('what is no message of the protocol is refused', async (t) => {
  const server = await mcpServer(t);
  const url = `${server.url}/mcp`;
  const headers = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
  const status = async (body: string, more: Record<string, string> = {}): Promise<number> =>
    (await fetch(url, { method: 'POST', headers: { ...headers, ...more }, body })).status;
  const call = { jsonrpc: '2.0', id: 1, method: 'tools/list' };
  t.is(await status(JSON.stringify(call)), 200);
  t.is(await status(JSON.stringify([call, call])), 400);
  t.is(await status('{'), 400);
  t.is(await status('{}'), 400);
  t.is(await status('['.repeat(1e6)), 400);
  t.is(await status(JSON.stringify(call), { 'content-type': 'text/plain' }), 415);
  t.is(await status(JSON.stringify(call), { accept: 'text/html' }), 406);
  t.is(await status(JSON.stringify(call), { 'mcp-protocol-version': '1999-01-01' }), 400);
  t.is(await status('{"jsonrpc":"2.0","method":"notifications/initialized"}'), 202);
  for (const method of ['GET', 'DELETE']) {
    const answer = await fetch(url, { method, headers });
    t.is(answer.status, 405);
    t.is(answer.headers.get('allow'), 'POST');
  }
});

test.serial('a server may have no tools, or other ones', async (t) => {
  const none = await mcpServer(t, { mcp: false });
  t.is((await fetch(`${none.url}/mcp`, { method: 'POST' })).status, 404);
  const few = await mcpServer(t, { mcp: { javascript: false } });
  await deployModule(few, 'f', 'export default () => 1');
  const assistant = await httpAssistant(t, few);
  t.deepEqual([...(await assistant.tools()).keys()], ['fn_f']);
  t.is((await assistant.rpcError('run_javascript', { code: '1' })).code, -32_602);
  await t.throwsAsync(mcpServer(t, { mcp: { programs: { cat: '/no/such/file' } } }), {
    message: /mcp\.programs\.cat/,
  });
});

test.serial('a client that hangs up ends its run', async (t) => {
  const server = await mcpServer(t, { mcp: { concurrent: 1 } });
  const stop = new AbortController();
  const message = {
    jsonrpc: '2.0',
    id: 1,
    method: 'tools/call',
    params: { name: 'run_javascript', arguments: { code: 'for (;;);' } },
  };
  const endless = fetch(`${server.url}/mcp`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
    body: JSON.stringify(message),
    signal: stop.signal,
  });
  const assistant = await httpAssistant(t, server);
  const next = assistant.js('return 1'); // which would wait for a minute
  stop.abort();
  await t.throwsAsync(endless, { any: true });
  t.deepEqual((await next).texts, ['1']);
});
