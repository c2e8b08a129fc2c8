/** `snapvm serve` and its clients as a user meets them, end to end. One after the other: each starts an engine. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { type FunctionSummary, SnapvmClient, SnapvmRequestError } from '../../src/client/index.js';
import { CRASH, ECHO, failsWith, json, snapvm } from '../support/cli.js';
import { type Served, scratchDirectory, serve } from '../support/cli-server.js';
import type { Found } from '../support/linux-build.js';
import { testWith } from '../support/test-with.js';

const GREET = 'export default ({ name }) => ({ hello: name });';
const LOUD = 'export default ({ name }) => ({ hello: name.toUpperCase() });';
const LOOP = 'export default () => { for (;;); };';

const FOUND = ['/bin/busybox', '/usr/bin/busybox'].find(existsSync);
const BUSYBOX: Found<string> =
  FOUND === undefined ? { missing: 'busybox is not installed' } : { value: FOUND };

async function failureOf(t: ExecutionContext, promise: Promise<unknown>): Promise<SnapvmRequestError> {
  const error = await t.throwsAsync(promise, { instanceOf: SnapvmRequestError });
  if (error === undefined) throw new Error('it did not fail');
  return error;
}

async function namesIn(client: SnapvmClient): Promise<readonly string[]> {
  const found: FunctionSummary[] = [];
  for await (const one of client.list({ pageSize: 1 })) found.push(one);
  return found.map(({ name }) => name);
}

test.serial('a function is deployed, called, deployed anew, rolled back and removed', async (t) => {
  const { client, url, stderr } = await serve(t, ['--directory', scratchDirectory(t)]);
  t.regex(stderr, new RegExp(`^snapvm: listening on ${url}$`, 'm'));
  t.regex(stderr, /WARNING: THERE ARE NO TOKENS/);
  t.like(await client.health(), { ready: true });
  const first = await client.deploy('greet', GREET, { policy: { timeoutMs: 2000 } });
  t.like(first, { name: 'greet', revision: 1, created: true, kind: 'js', functions: ['default'] });
  t.like(await client.deploy('greet', GREET, { policy: { timeoutMs: 2000 } }), {
    revision: 1,
    created: false,
    version: first.version,
  });
  const info = await client.callWithInfo('greet', { name: 'Ada' });
  t.like(info, { result: { hello: 'Ada' }, version: first.version, revision: 1 });
  t.true(info.durationUs > 0);
  t.like(await client.deploy('greet', LOUD), { revision: 2, created: true });
  t.deepEqual(await client.call('greet', { name: 'Ada' }), { hello: 'ADA' });
  t.deepEqual(await client.call('greet', { name: 'Ada' }, { version: 1 }), { hello: 'Ada' });
  t.deepEqual(await client.call('greet', { name: 'Ada' }, { version: first.version.slice(0, 12) }), {
    hello: 'Ada',
  });
  t.like(await client.rollback('greet'), { canRollBack: false, live: [{ revision: 1, weight: 100 }] });
  t.deepEqual(await client.call('greet', { name: 'Ada' }), { hello: 'Ada' });
  t.like(await failureOf(t, client.rollback('greet')), { code: 'SNAPVM_SERVER_CONFLICT', status: 409 });
  await client.setAlias('greet', 'beta', 2);
  t.deepEqual(await client.call('greet', { name: 'Ada' }, { alias: 'beta' }), { hello: 'ADA' });
  const split = await client.split('greet', 'beta', [
    { version: 1, weight: 50 },
    { version: 2, weight: 50 },
  ]);
  t.is(split.aliases['beta']?.length, 2);
  await client.removeAlias('greet', 'beta');
  const gone = await failureOf(t, client.call('greet', { name: 'Ada' }, { alias: 'beta' }));
  t.like(gone, { code: 'SNAPVM_SERVER_UNKNOWN', status: 404, isFunctionError: false });
  await client.deploy('other', GREET, { activate: false });
  t.deepEqual(await namesIn(client), ['greet', 'other']);
  await client.remove('greet');
  t.deepEqual(await namesIn(client), ['other']);
  t.like(await failureOf(t, client.call('greet', {})), { code: 'SNAPVM_SERVER_UNKNOWN' });
});

test.serial('values, bytes, errors, batches and asynchronous calls come as the client says', async (t) => {
  const { client } = await serve(t, ['--directory', scratchDirectory(t)]);
  const source = `
    export default (x) => x;
    export const size = (bytes) => bytes.length;
    export const boom = () => { throw new RangeError('no'); };
    export const größe = (text) => text.length;
    export const odd = (n) => { if (n % 2) throw new Error('odd'); return n; };
  `;
  await client.deploy('f', source);
  t.deepEqual(await client.call('f', [1, 'ä', null]), [1, 'ä', null]);
  t.is(await client.call('f'), undefined);
  t.deepEqual(await client.call('f', new Uint8Array([0, 255])), new Uint8Array([0, 255]));
  t.is(await client.call('f', new Uint8Array(10), { fn: 'size' }), 10);
  t.is(await client.call('f', 'four', { fn: 'größe' }), 4);
  t.like(await failureOf(t, client.call('f', 1, { fn: 'boom' })), {
    code: 'SNAPVM_JS_ERROR',
    status: 422,
    isFunctionError: true,
    problem: { thrown: { name: 'RangeError', message: 'no' }, fn: 'boom' },
  });
  t.like(await failureOf(t, client.call('f', 1, { fn: 'none' })), { code: 'SNAPVM_CALL_FUNCTION' });
  const batch = await client.batch('f', [2, 3, 4], { fn: 'odd' });
  t.deepEqual(
    batch.map((one) => (one.ok ? one.result : [one.error.code, one.error.isFunctionError])),
    [2, ['SNAPVM_JS_ERROR', true], 4],
  );
  const { id } = await client.callAsync('f', { later: true });
  t.like(await client.waitForCall(id), { state: 'succeeded', result: { later: true }, function: 'f' });
  const failing = await client.callAsync('f', 3, { fn: 'odd' });
  t.like(await client.waitForCall(failing.id), { state: 'failed', error: { code: 'SNAPVM_JS_ERROR' } });
  await client.deploy('loop', LOOP, { policy: { timeoutMs: 60_000 } });
  const endless = await client.callAsync('loop');
  await client.cancelCall(endless.id);
  t.like(await client.waitForCall(endless.id), { state: 'cancelled' });
  t.like(await failureOf(t, client.call('loop', undefined, { timeoutMs: 50 })), {
    code: 'SNAPVM_CALL_TIMEOUT',
    isFunctionError: true,
  });
  t.like(await failureOf(t, client.call('loop', undefined, { deadlineMs: 100 })), {
    code: 'SNAPVM_CALL_DEADLINE',
    status: 504,
  });
});

test.serial('the commands deploy and call modules, guests and programs', async (t) => {
  const directory = scratchDirectory(t);
  const { url } = await serve(t, ['--directory', join(directory, 'state')]);
  const env = { SNAPVM_URL: url };
  const said = async (...args: readonly string[]): Promise<string> => {
    const { code, stdout, stderr } = await snapvm(args, { env });
    t.is(code, 0, stderr);
    return stdout.toString();
  };
  writeFileSync(join(directory, 'part.ts'), 'export const twice = (n: number): number => n * 2;');
  const whole =
    "import { twice } from './part.ts'; import { sep } from 'path'; export default (n) => [twice(n), sep];";
  writeFileSync(join(directory, 'whole.js'), whole);
  t.regex(
    await said('deploy', join(directory, 'whole.js')),
    /^whole: revision 1, [\da-f]{12}, js, .*live\n$/,
  );
  t.deepEqual(JSON.parse(await said('call', 'whole', '--event', '21')), [42, '/']);
  writeFileSync(
    join(directory, 'old.cjs'),
    "module.exports = require('./older.cjs'); module.exports.more = () => 2;",
  );
  writeFileSync(
    join(directory, 'older.cjs'),
    "const { format } = require('util'); module.exports = (x) => format('%s!', x);",
  );
  await said('deploy', join(directory, 'old.cjs'));
  t.is(await said('call', 'old', '--event', '"hi"'), '"hi!"\n');
  t.is(await said('call', 'old', '--fn', 'more'), '2\n');
  await said('deploy', ECHO);
  t.is(await said('call', 'echo', '--fn', 'reverse', '--input', 'abc'), 'cba');
  await said('deploy', CRASH);
  const crash = await snapvm(['call', 'crash', '--fn', 'loop', '--timeout-ms', '50'], { env });
  t.is(crash.code, 124, crash.stderr);
  t.regex(await said('list'), /^crash +native +1 .*\necho +native +1 .*\nold +js .*\nwhole +js /);
  t.is(await said('remove', 'echo'), 'echo: removed\n');
  const unknown = await snapvm(['call', 'echo'], { env });
  t.is(unknown.code, 1);
  t.regex(unknown.stderr, /^snapvm: SNAPVM_SERVER_UNKNOWN: /);
});

testWith(
  BUSYBOX,
  'a Linux program has the files and arguments that were sent, and its exit code',
  async (t, path) => {
    const directory = scratchDirectory(t);
    const { url, client } = await serve(t, ['--directory', join(directory, 'state')]);
    const env = { SNAPVM_URL: url };
    mkdirSync(join(directory, 'data'));
    writeFileSync(join(directory, 'data/motd'), 'hello\n');
    const script = 'read -r a < /srv/motd; read -r b; echo "$a $b"; echo "$GREETING" >&2; exit 3';
    const args = ['--arg', 'sh', '--arg', '-c', '--arg', script, '--env', 'GREETING=good day'];
    const files = ['--file', `/srv=${join(directory, 'data')}`];
    const deployed = await snapvm(['deploy', path, ...args, ...files], { env });
    t.is(deployed.code, 0, deployed.stderr);
    const called = await snapvm(['call', 'busybox', '--input', '-'], { env, stdin: 'input\n' });
    t.is(called.code, 3);
    t.is(called.stdout.toString(), 'hello input\n');
    t.is(called.stderr, 'good day\n');
    const echoed = await snapvm(['call', 'busybox', '--arg', 'echo', '--arg', 'wörld'], { env });
    t.like(echoed, { code: 0, stdout: Buffer.from('wörld\n') });
    t.deepEqual(await client.call('busybox', new Uint8Array([255, 10])), {
      exitCode: 3,
      stdout: { base64: Buffer.from('hello \xff\n', 'latin1').toString('base64') },
      stderr: 'good day\n',
    });
  },
);

test.serial('what was acknowledged is there after kill -9', async (t) => {
  const directory = scratchDirectory(t);
  const before = await serve(t, ['--directory', directory]);
  await before.client.deploy('greet', GREET);
  await before.client.deploy('greet', LOUD);
  await before.client.rollback('greet');
  await before.client.setAlias('greet', 'beta', 2);
  const ended = await before.client.callAsync('greet', { name: 'Ada' });
  await before.client.waitForCall(ended.id);
  await before.client.deploy('loop', LOOP, { policy: { timeoutMs: 60_000 } });
  const lost = await before.client.callAsync('loop');
  t.is(await before.end('SIGKILL'), 'SIGKILL');
  const after = await serve(t, ['--directory', directory]);
  t.deepEqual(await namesIn(after.client), ['greet', 'loop']);
  t.deepEqual(await after.client.call('greet', { name: 'Ada' }), { hello: 'Ada' });
  t.deepEqual(await after.client.call('greet', { name: 'Ada' }, { alias: 'beta' }), { hello: 'ADA' });
  t.like(await after.client.getCall(ended.id), { state: 'succeeded', result: { hello: 'Ada' } });
  t.like(await after.client.getCall(lost.id), { state: 'lost' });
});

/** Host functions that say on stdout when they are called and when a signal has come; `untilSignal` ends with one. */
const SIGNALS = `
  const signalled = new Promise((resolve) => {
    for (const name of ['SIGINT', 'SIGTERM']) process.once(name, () => { console.log(name); resolve(); });
  });
  export const untilSignal = async () => { console.log('called'); await signalled; };
  export const forEver = async () => { console.log('called'); await new Promise(() => {}); };
`;

async function serveWithSignals(t: ExecutionContext, ...args: readonly string[]): Promise<Served> {
  const directory = scratchDirectory(t);
  const module = join(directory, 'signals.mjs');
  writeFileSync(module, SIGNALS);
  const state = join(directory, 'state');
  return await serve(t, ['--directory', state, '--host-functions', module, ...args]);
}

const PATIENT = { timeoutMs: 60_000, hostFunctions: ['untilSignal', 'forEver'] };

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  test.serial(`${signal} lets a call end that is on its way, and then ends the server`, async (t) => {
    const served = await serveWithSignals(t);
    const { client } = served;
    await client.deploy('wait', 'export default async () => { await host.untilSignal(); return "done"; }', {
      policy: PATIENT,
    });
    const called = served.nextLine();
    const call = client.call('wait');
    t.is(await called, 'called');
    t.is(await served.end(signal), 0);
    t.is(await call, 'done');
    t.is((await failureOf(t, client.call('wait'))).code, 'SNAPVM_CLIENT_UNREACHABLE');
  });
}

test.serial('a second signal ends it at once', async (t) => {
  const served = await serveWithSignals(t, '--drain-ms', '60000');
  const { client } = served;
  await client.deploy('wait', 'export default async () => { await host.forEver(); }', { policy: PATIENT });
  const called = served.nextLine();
  const call = failureOf(t, client.call('wait'));
  t.is(await called, 'called');
  const signalled = served.nextLine();
  served.child.kill('SIGINT');
  t.is(await signalled, 'SIGINT');
  t.is(await served.end('SIGINT'), 130);
  t.is((await call).code, 'SNAPVM_CLIENT_UNREACHABLE');
});

test.serial('what has not ended when the time for it is over is ended', async (t) => {
  const served = await serveWithSignals(t, '--drain-ms', '1');
  const { client } = served;
  await client.deploy('wait', 'export default async () => { await host.forEver(); }', { policy: PATIENT });
  const called = served.nextLine();
  const call = failureOf(t, client.call('wait'));
  t.is(await called, 'called');
  t.is(await served.end('SIGTERM'), 0);
  t.true(['SNAPVM_SERVER_DRAINING', 'SNAPVM_CLIENT_UNREACHABLE'].includes((await call).code));
});

test.serial('with --access only those with a token are let in, each to its own tenant', async (t) => {
  const directory = scratchDirectory(t);
  const made = async (name: string, ...args: readonly string[]) => {
    const { token, config } = await json(t, ['token', name, ...args]);
    return { token: String(token), config };
  };
  const shop = await made('shop', '--tenant', 'shop', '--role', 'deploy');
  const bank = await made('bank', '--tenant', 'bank');
  const access = join(directory, 'access.json');
  writeFileSync(access, JSON.stringify({ tokens: [shop.config, bank.config] }));
  const served = await serve(t, ['--directory', join(directory, 'state'), '--access', access]);
  const { url } = served;
  t.notRegex(served.stderr, /WARNING/);
  t.false(served.listening.open);
  const asShop = new SnapvmClient({ url, token: shop.token });
  const asBank = new SnapvmClient({ url, token: bank.token });
  await asShop.deploy('greet', GREET);
  t.deepEqual(await asShop.call('greet', { name: 'Ada' }), { hello: 'Ada' });
  t.like(await failureOf(t, asBank.call('greet', {})), { code: 'SNAPVM_SERVER_UNKNOWN' });
  t.like(await failureOf(t, asBank.deploy('greet', GREET)), { code: 'SNAPVM_SERVER_FORBIDDEN' });
  t.like(await failureOf(t, served.client.call('greet', {})), { code: 'SNAPVM_SERVER_UNAUTHORIZED' });
  t.like(await served.client.health(), { ready: true });
  await failsWith(t, ['list', '--url', url], 1, 'SNAPVM_SERVER_UNAUTHORIZED', '--token-file');
  const file = join(directory, 'token');
  writeFileSync(file, `${shop.token}\n`);
  t.deepEqual(Object.keys(await json(t, ['list', '--url', url, '--token-file', file])), ['functions']);
});

test.serial('functions call the host functions of a module', async (t) => {
  const directory = scratchDirectory(t);
  const module = join(directory, 'host.mjs');
  writeFileSync(module, 'export const add = (_bytes, { args: [a, b] }) => a + b;');
  const state = join(directory, 'state');
  const { client } = await serve(t, ['--directory', state, '--host-functions', module]);
  const source = 'export default async (a) => await host.add(a, 1);';
  await client.deploy('next', source, { policy: { hostFunctions: ['add'] } });
  t.is(await client.call('next', 41), 42);
  const refused = await failureOf(t, client.deploy('next', source, { policy: { hostFunctions: ['sub'] } }));
  t.like(refused, { code: 'SNAPVM_CONFIG_VALUE', status: 400 });
});

test.serial('policies, packages and tools for assistants are as its options say', async (t) => {
  const directory = scratchDirectory(t);
  const file = (name: string, text: string): string => {
    writeFileSync(join(directory, name), text);
    return join(directory, name);
  };
  const most = file('most.json', '{"timeoutMs":100,"heapBytes":67108864}');
  const state = ['--directory', join(directory, 'state')];
  const given = ['--most-policy', most, '--most-policy', 'timeoutMs=200,cpuMs=150', '--no-mcp', '--packages'];
  const { client, url } = await serve(t, [...state, ...given]);
  await client.deploy('f', GREET, { policy: { timeoutMs: 200 } });
  for (const policy of [{ timeoutMs: 201 }, { cpuMs: 151 }, { heapBytes: 2 ** 27 }])
    t.like(await failureOf(t, client.deploy('f', GREET, { policy })), { code: 'SNAPVM_CONFIG_VALUE' });
  const module = "import { version } from 'esbuild/package.json'; export default () => typeof version;";
  await client.deploy('packaged', module);
  t.is(await client.call('packaged'), 'string');
  t.is((await fetch(`${url}/mcp`, { method: 'POST' })).status, 404);
  const bad = (args: readonly string[], ...parts: readonly string[]): Promise<void> =>
    failsWith(t, ['serve', '--port', '0', ...state, ...args], 2, ...parts);
  await bad(['--most-policy', 'timeoutMs=x'], '--most-policy has "timeoutMs=x"', 'name=number');
  await bad(['--most-policy', 'timeoutMS=1'], 'mostPolicy has no option "timeoutMS"', '"timeoutMs"');
  await bad(['--most-policy', file('list.json', '[]')], 'list.json', 'no object of JSON');
  await bad(['--mcp', file('half.json', '{')], '--mcp', 'half.json', 'is not JSON');
  await bad(['--mcp', file('mcp.json', '{"timeoutMs":0}')], 'mcp.timeoutMs is 0');
  await bad(['--mcp', most, '--no-mcp'], '--mcp and --no-mcp');
});

test.serial('what is wrong with its options is told in one line', async (t) => {
  const directory = scratchDirectory(t);
  const state = ['--directory', join(directory, 'state')];
  const first = await serve(t, state);
  const bad = (code: number, args: readonly string[], ...parts: readonly string[]): Promise<void> =>
    failsWith(t, ['serve', '--port', '0', '--log-level', 'off', ...args], code, ...parts);
  await bad(1, state, 'SNAPVM_SERVER_DIRECTORY');
  const own = ['--directory', join(directory, 'own')];
  await bad(2, [...own, '--host', '0.0.0.0'], 'access');
  await bad(2, [...own, '--access', join(directory, 'none.json')], 'none.json');
  await bad(2, [...own, '--log-level', 'loud'], '--log-level is "loud"');
  await bad(2, [...own, '--workers', '0'], '--workers is 0');
  await bad(1, [...own, '--host-functions', join(directory, 'none.mjs')], '--host-functions', 'none.mjs');
  const port = new URL(first.url).port;
  await bad(2, [...own, '--port', port], port);
  const empty = join(directory, 'empty.mjs');
  writeFileSync(empty, 'export const notOne = 1;');
  await bad(2, [...own, '--host-functions', empty], 'notOne is no function');
  await failsWith(t, ['serve', 'more'], 2, 'no argument');
});
