// `snapvm mcp`: tools for an assistant, over stdio. Each test starts one, so they run one after the other.
import { cwd } from 'node:process';
import test, { type ExecutionContext } from 'ava';
import { guestPath } from '../conformance/guest.js';
import { failsWith, snapvm, whenSpinning } from '../support/cli.js';
import { deployModule, mcpDirectory, mcpServer, stdioAssistant, type Told } from '../support/mcp.js';

const PROGRAM = guestPath('conformance/linux');

/** A failure of what was run: says all of this, and nothing of this machine's files. */
function failed(t: ExecutionContext, { texts, isError }: Told, ...parts: readonly (string | RegExp)[]): void {
  const [text = ''] = texts;
  t.true(isError, text);
  for (const part of parts)
    t.true(typeof part === 'string' ? text.includes(part) : part.test(text), `${text} lacks ${part}`);
  for (const secret of [cwd(), 'dist/', 'file:'])
    t.false(texts.join('\n').includes(secret), texts.join('\n'));
}

test.serial('the tools are those that the command line says', async (t) => {
  const plain = await (await stdioAssistant(t)).tools();
  t.deepEqual([...plain.keys()], ['run_javascript']);
  const both = await (await stdioAssistant(t, ['--program', `cat=${PROGRAM}`])).tools();
  t.deepEqual([...both.keys()], ['run_javascript', 'run_linux']);
  t.like(both.get('run_linux')?.inputSchema, { properties: { program: { enum: ['cat'] } } });
  const one = await (await stdioAssistant(t, ['--no-javascript', '--program', `cat=${PROGRAM}`])).tools();
  t.deepEqual([...one.keys()], ['run_linux']);
});

test.serial('code is the body of a function, or a module; the console comes with the answer', async (t) => {
  const assistant = await stdioAssistant(t);
  t.deepEqual(await assistant.js('return 6 * 7'), { texts: ['42'], isError: false });
  t.deepEqual((await assistant.js('')).texts, ['undefined']);
  t.deepEqual((await assistant.js('return ""')).texts, ['(empty)']);
  t.deepEqual((await assistant.js('return await Promise.resolve({ a: [input] })', { input: null })).texts, [
    '{"a":[null]}',
  ]);
  t.deepEqual(
    (await assistant.js('console.log("seen", input); console.warn("odd"); return "x"', { input: { n: 1 } }))
      .texts,
    ['x', 'console:\nseen { n: 1 }\n[warn] odd'],
  );
  const module =
    'console.log("made"); let n = 0;\nexport default (by) => { n += by; console.log("called"); return n; }';
  for (const by of [2, 3])
    t.deepEqual((await assistant.js(module, { input: by })).texts, [`${by}`, 'console:\nmade\ncalled']);
});

test.serial('each run starts from fresh state, the same code too', async (t) => {
  const assistant = await stdioAssistant(t);
  const code = 'globalThis.n = (globalThis.n ?? 0) + 1; Array.prototype.old = 1; return globalThis.n';
  t.deepEqual((await assistant.js(code)).texts, ['1']);
  t.deepEqual((await assistant.js(code)).texts, ['1']);
  t.deepEqual((await assistant.js('return [globalThis.n, [].old]')).texts, ['[null,null]']);
});

test.serial('errors of code are answers, with its own lines', async (t) => {
  const assistant = await stdioAssistant(t);
  const thrown = await assistant.js('console.log("before");\nfunction f() {\n  none.x;\n}\nf();');
  failed(t, thrown, 'ReferenceError: none is not defined', 'f (function.js:3:3)');
  failed(t, await assistant.js('return 1 + none.x'), 'none is not defined', /\(function\.js:1:12\)/);
  failed(t, await assistant.js('const = 1'), /SNAPVM_JS_SYNTAX: .*function\.js:1:7\b/);
  failed(t, await assistant.js('export default () => none.x'), /\(function\.js:1:22\)/);
  t.is(thrown.texts[1], 'console:\nbefore');
  failed(t, await assistant.js('return (('), 'SNAPVM_JS_SYNTAX');
  failed(t, await assistant.js('export const a = 1'), /^SNAPVM_JS_EXPORTS: the module cannot be called/);
  failed(t, await assistant.js('import x from "./secret.js";\nexport default () => x'), 'SNAPVM_JS_BUNDLE');
  failed(t, await assistant.js('throw { toString() { return "own" } }'));
  failed(t, await assistant.js('process.exit(3)'), 'process.exit(3) is not there');
  failed(
    t,
    await assistant.js('return (await import("node:fs")).readFileSync("/etc/passwd")'),
    'readFileSync',
  );
  t.deepEqual((await assistant.js('return 1')).texts, ['1']);
});

test.serial('what takes too long, or too much, is stopped', async (t) => {
  const assistant = await stdioAssistant(t, ['--program', `cat=${PROGRAM}`]);
  failed(
    t,
    await assistant.js('console.log("on it"); for (;;);', { timeoutMs: 200 }),
    /^SNAPVM_CALL_TIMEOUT: stopped after its time limit of 200 ms$/,
  );
  failed(t, await assistant.js('await new Promise(() => {})'), 'SNAPVM_JS_UNSETTLED');
  failed(t, await assistant.js('const all = []; for (;;) all.push(new Uint8Array(1e6))'), 'SNAPVM_JS_MEMORY');
  failed(t, await assistant.js('const f = () => f() + 1; return f()'), 'SNAPVM_JS_RECURSION');
  failed(t, await assistant.js('return "x".repeat(1e7)'), 'SNAPVM_GUEST_LIMIT', '10000003 bytes');
  failed(
    t,
    await assistant.call('run_linux', { program: 'cat', args: ['loop'], timeoutMs: 200 }),
    'SNAPVM_CALL_TIMEOUT',
  );
  t.deepEqual((await assistant.js('return 1')).texts, ['1']);
});

test.serial('a module that does not end while it is evaluated is stopped', async (t) => {
  const assistant = await stdioAssistant(t, ['--timeout-ms', '300']);
  const { texts, isError } = await assistant.js('console.log("made"); for (;;);\nexport default 1');
  t.true(isError);
  t.deepEqual(texts, ['SNAPVM_CALL_TIMEOUT: stopped after its time limit of 300 ms', 'console:\nmade']);
});

test.serial('what is too long is cut, and the answer says so', async (t) => {
  const assistant = await stdioAssistant(t);
  const [long] = (await assistant.js('return "x".repeat(30000)')).texts;
  t.is(long, `${'x'.repeat(20_000)}\n[cut: 10000 of 30000 characters are not shown]`);
  const { texts } = await assistant.js('console.log("y".repeat(500)); return "x".repeat(19900)');
  t.is(texts[1], `console:\n${'y'.repeat(100)}\n[cut: 400 of 500 characters are not shown]`);
  const [halves] = (await assistant.js('return "x" + "\\u{1f600}".repeat(10000)')).texts;
  t.is(halves, `x${'\u{1f600}'.repeat(9999)}\n[cut: 2 of 20001 characters are not shown]`);
  const short = await stdioAssistant(t, ['--output-characters', '1000']);
  t.regex((await short.js('return "x".repeat(30000)')).texts[0] ?? '', /^x{1000}\n\[cut: 29000 of 30000 /);
});

test.serial('input that names prototypes is input', async (t) => {
  const assistant = await stdioAssistant(t);
  const input: unknown = JSON.parse('{"__proto__":{"a":1},"constructor":{"prototype":{"b":1}},"toJSON":2}');
  t.deepEqual(
    (
      await assistant.js('return [Object.keys(input), input.constructor, {}.a, {}.b, input.toJSON]', {
        input,
      })
    ).texts,
    ['[["__proto__","constructor","toJSON"],{"prototype":{"b":1}},null,null,2]'],
  );
  const [back] = (await assistant.js('return input', { input })).texts;
  t.is(back, '{"__proto__":{"a":1},"constructor":{"prototype":{"b":1}},"toJSON":2}');
});

test.serial('wrong arguments are answers that say what is right; unknown tools are errors', async (t) => {
  const assistant = await stdioAssistant(t, ['--program', `cat=${PROGRAM}`]);
  failed(t, await assistant.call('run_javascript'), 'code is missing');
  failed(t, await assistant.call('run_javascript', { code: 5 }), 'code is 5');
  failed(t, await assistant.js('return 1', { timeout: 5 }), 'did you mean "timeoutMs"?');
  failed(t, await assistant.js('return 1', { timeoutMs: 60_001 }), 'at most 60000');
  failed(t, await assistant.js(' '.repeat(262_145)), '262145 characters');
  failed(t, await assistant.js('return 1', { input: 'x'.repeat(2 ** 21) }), 'SNAPVM_CALL_INPUT_TOO_LARGE');
  for (const program of ['__proto__', 'constructor', PROGRAM, undefined])
    failed(t, await assistant.call('run_linux', { program }), 'program must be one of cat');
  failed(t, await assistant.call('run_linux', { program: 'cat', args: 'x' }), 'a list of at most');
  failed(t, await assistant.call('run_linux', { program: 'cat', args: ['a\0b'] }), 'a string without NUL');
  for (const name of ['nope', 'fn_nope', '__proto__', 'run_javascript '])
    t.like(await assistant.rpcError(name), { code: -32_602, data: { code: 'SNAPVM_SERVER_UNKNOWN' } });
});

test.serial('programs get stdin and arguments, and answer with what they wrote', async (t) => {
  const assistant = await stdioAssistant(t, ['--program', `cat=${PROGRAM}`]);
  const run = (args: readonly string[], stdin?: string): Promise<Told> =>
    assistant.call('run_linux', { program: 'cat', args, ...(stdin !== undefined && { stdin }) });
  t.deepEqual(await run(['cat'], 'one\ntwo\n'), { texts: ['one\ntwo\n'], isError: false });
  t.deepEqual(await run(['cat'], ''), { texts: ['(empty)'], isError: false });
  const { texts, isError } = await run(['no such part']);
  t.false(isError);
  t.regex(texts.at(-1) ?? '', /^exit code \d+$/);
  failed(t, await run(['fault']), 'SNAPVM_GUEST_FAULT');
});

test.serial(
  'a program that is none is an error of the service, which does not say where it is',
  async (t) => {
    const assistant = await stdioAssistant(t, ['--program', `no=${process.execPath}`]);
    const error = await assistant.rpcError('run_linux', { program: 'no' });
    t.like(error, { code: -32_603, data: { code: 'SNAPVM_INTERNAL' } });
    t.false(error.message.includes(process.execPath));
  },
);

test.serial('few runs wait; what a client takes back ends', async (t) => {
  const assistant = await stdioAssistant(t, ['--concurrent', '1']);
  const first = assistant.js('for (;;);', { timeoutMs: 2000 });
  const more = await Promise.allSettled(Array.from({ length: 20 }, () => assistant.js('return 1')));
  failed(t, await first, 'SNAPVM_CALL_TIMEOUT');
  const refused = more.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []));
  t.is(refused.length, 4);
  for (const error of refused)
    t.like(error, { code: -32_000, data: { code: 'SNAPVM_ENGINE_QUEUE_FULL', retryAfterSeconds: 1 } });
  const stop = new AbortController();
  const endless = assistant.call('run_javascript', { code: 'for (;;);' }, stop.signal);
  stop.abort();
  await t.throwsAsync(endless);
  t.deepEqual((await assistant.js('return 1')).texts, ['1']); // which would wait for a minute
});

const INITIALIZE = {
  method: 'initialize',
  params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'x', version: '1' } },
};

test.serial('stdout has the protocol alone; the end of stdin is the end, when all is answered', async (t) => {
  const requests = [
    { jsonrpc: '2.0', id: 1, ...INITIALIZE },
    { jsonrpc: '2.0', method: 'notifications/initialized' },
    {
      jsonrpc: '2.0',
      id: 2,
      method: 'tools/call',
      params: { name: 'run_javascript', arguments: { code: 'console.log("x"); return 1' } },
    },
  ];
  const stdin = `${requests.map((one) => JSON.stringify(one)).join('\n')}\nnonsense\n`;
  const { code, stdout, stderr } = await snapvm(['mcp', '--timeout-ms', '60000'], { stdin });
  t.is(code, 0, stderr);
  const lines = stdout.toString().trimEnd().split('\n');
  const answers = lines.map((line) => JSON.parse(line) as { id: number; result: unknown });
  t.deepEqual(
    answers.map(({ id }) => id),
    [1, 2],
  );
  t.like(answers[0]?.result, { serverInfo: { name: 'snapvm' } });
  t.like(answers[1]?.result, { content: [{ text: '1' }, { text: 'console:\nx' }] });
  t.regex(stderr, /^snapvm: .*nonsense/m);
});

test.serial('a signal ends it, and what runs', async (t) => {
  const call = { name: 'run_javascript', arguments: { code: 'for (;;);' } };
  const { code, stdout, stderr } = await snapvm(['mcp', '--timeout-ms', '600000'], {
    stdin: `${JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: call })}\n`,
    meet: (child) => whenSpinning(child, () => child.kill('SIGTERM')),
  });
  t.is(code, 143, stderr);
  t.like(JSON.parse(stdout.toString()), { id: 1, error: { data: { code: 'SNAPVM_ENGINE_CLOSED' } } });
});

/** Has Node not find a package. */
const WITHOUT_SDK = `export const resolve = (name, context, next) => {
  if (!name.startsWith('@modelcontextprotocol/')) return next(name, context);
  const message = "Cannot find package '@modelcontextprotocol/sdk' imported from " + context.parentURL;
  throw Object.assign(new Error(message), { code: 'ERR_MODULE_NOT_FOUND' });
};`;

test.serial('without its package it says what to install', async (t) => {
  const hook = `import { register } from 'node:module'; register(${JSON.stringify(dataUrl(WITHOUT_SDK))});`;
  const env = { NODE_OPTIONS: `--import=${dataUrl(hook)}` };
  const { code, stdout, stderr } = await snapvm(['mcp'], { env });
  t.is(code, 1);
  t.is(stdout.length, 0);
  t.regex(
    stderr,
    /^snapvm: SNAPVM_SERVER_PACKAGES: the server needs the package @modelcontextprotocol\/sdk.*--include=optional/m,
  );
});

function dataUrl(source: string): string {
  return `data:text/javascript,${encodeURIComponent(source)}`;
}

test.serial('mistakes in the command line end it', async (t) => {
  await failsWith(t, ['mcp', '--program', 'awk'], 2, 'must be name=path');
  await failsWith(t, ['mcp', '--program', 'awk=/no/such/file'], 2, 'mcp.programs.awk', '/no/such/file');
  await failsWith(t, ['mcp', '--program', 'a b=/bin/sh'], 2, '"a b"');
  await failsWith(t, ['mcp', '--timeout-ms', '0'], 2, 'snapvm: --timeout-ms is 0; it must be', 'above 0');
  await failsWith(t, ['mcp', '--heap-bytes', '1k'], 2, 'snapvm: --heap-bytes is 1024;');
  await failsWith(t, ['mcp', '--concurrent', '0'], 2, 'snapvm: --concurrent is 0;');
  await failsWith(t, ['mcp', 'x'], 2, 'mcp takes no argument');
});

test.serial('functions of a directory are tools, too', async (t) => {
  const directory = mcpDirectory(t);
  const server = await mcpServer(t, { directory, mcp: false });
  await deployModule(
    server,
    'greet',
    'export default (name) => { console.log("hi"); return "hello " + name; }',
  );
  await server.close();
  const assistant = await stdioAssistant(t, ['--directory', directory]);
  t.deepEqual([...(await assistant.tools()).keys()], ['run_javascript', 'fn_greet']);
  t.deepEqual((await assistant.call('fn_greet', { input: 'Ada' })).texts, ['hello Ada', 'console:\nhi']);
  const other = await stdioAssistant(t, ['--tenant', 'other', '--directory', mcpDirectory(t)]);
  t.deepEqual([...(await other.tools()).keys()], ['run_javascript']);
});
