// Values of other realms, as jest and node:vm make them, are what they are.
import { readFileSync } from 'node:fs';
import { createContext, runInContext } from 'node:vm';
import test from 'ava';
import { type JsSource, SnapvmError } from '../../src/index.js';
import { startEngine } from '../support/engine.js';
import { errorOf } from '../support/js.js';
import { guestPath } from '../support/sandbox.js';

const context = createContext({ URL });
const ELF = guestPath('examples/echo');

function foreign<T>(code: string): T {
  return runInContext(code, context) as T;
}

function foreignBytes(path: string): Uint8Array {
  context['given'] = [...readFileSync(path)];
  return foreign('Uint8Array.from(given)');
}

test('bytes of another realm are no instance of ours', (t) => {
  t.false(foreign('new Uint8Array(1)') instanceof Uint8Array);
});

test('a native guest: its file, input, initial data, options and host answers', async (t) => {
  const engine = await startEngine(t, {
    workers: 1,
    hostFunctions: foreign('({ lookup: async () => new Uint8Array([102, 111, 117, 110, 100]) })'),
  });
  const initData = foreign<Uint8Array>('new Uint8Array(10)');
  const echo = await engine.define('echo', { elf: foreignBytes(ELF), initData });
  t.deepEqual(await echo.call(foreign('new Uint8Array([1, 2])')), new Uint8Array([1, 2]));
  t.deepEqual(await echo.call(foreign('new Uint8Array(new SharedArrayBuffer(2))')), new Uint8Array(2));
  t.deepEqual(await echo.call(foreign('new (class Mine extends Uint8Array {})(2)')), new Uint8Array(2));
  t.deepEqual(await echo.call('x', foreign('({ timeoutMs: 5000 })')), new Uint8Array([120]));
  t.is((await errorOf(echo.call('x', foreign('({ timeoutMs: 0 })')))).code, 'SNAPVM_CONFIG_VALUE');
  const answers: Uint8Array[] = [];
  for await (const answer of echo.callMany(foreign('[new Uint8Array([3]), new Uint8Array([4])]'))) {
    answers.push(answer);
  }
  t.deepEqual(answers, [new Uint8Array([3]), new Uint8Array([4])]);
  const guest = await engine.define(
    'guest',
    { elf: guestPath('examples/hostcall') },
    foreign("({ hostFunctions: ['lookup'] })"),
  );
  t.is(Buffer.from(await guest.call('x')).toString(), 'found');
});

test('a Linux program: its file, files, arguments, standard input and clock', async (t) => {
  const engine = await startEngine(t, { workers: 1 });
  const source = {
    linux: foreignBytes(guestPath('conformance/linux')),
    files: foreign<Record<string, Uint8Array>>("({ '/data/input': new Uint8Array([104, 105]) })"),
    args: foreign<string[]>("['start', 'x']"),
  };
  const program = await engine.define('program', source, { clock: foreign('new Date(1000)') });
  const { stdout, signal } = await program.call(foreign('new Uint8Array([1])'));
  t.is(signal, undefined);
  t.regex(Buffer.from(stdout).toString(), /start/);
});

test('a JavaScript function: its source, values, and what cannot be sent', async (t) => {
  const engine = await startEngine(t, { workers: 1 });
  const f = await engine.define('f', { js: foreign<JsSource>("({ source: 'export default (x) => x;' })") });
  t.deepEqual(await f.call(foreign('new Uint8Array([1, 2])')), new Uint8Array([1, 2]));
  t.deepEqual(await f.call(foreign('({ a: [1, { b: new Uint8Array([3]) }], c: null })')), {
    a: [1, { b: new Uint8Array([3]) }],
    c: null,
  });
  const taken: readonly (readonly [code: string, arrives: unknown])[] = [
    ['new Map([[1, { a: 2 }]])', new Map([[1, { a: 2 }]])],
    ['new Set([-0, NaN])', new Set([0, Number.NaN])],
    ['Uint8Array.of(5).buffer', Uint8Array.of(5).buffer],
    ['new DataView(Uint8Array.of(5, 6).buffer, 1)', new DataView(Uint8Array.of(6).buffer)],
    ['Float64Array.of(0.5)', Float64Array.of(0.5)],
    ['new Date(5)', new Date(5)],
    ['/a/gi', /a/gi],
    ['[undefined, 5n]', [undefined, 5n]],
  ];
  for (const [code, arrives] of taken)
    t.deepEqual<unknown, unknown>(await f.call(foreign(code)), arrives, code);
  const error = await f.call(foreign('new RangeError("mine", { cause: 1 })'));
  t.true(error instanceof RangeError);
  t.like(error, { message: 'mine', cause: 1 });
  const refused: readonly (readonly [code: string, says: RegExp])[] = [
    ['new SharedArrayBuffer(1)', /a SharedArrayBuffer/],
    ['Promise.resolve(1)', /a Promise/],
    ['() => 1', /a function/],
    ['new WeakMap()', /a WeakMap/],
    ['({ get a() { throw new TypeError("mine"); } })', /mine/],
  ];
  for (const [code, says] of refused) {
    const error = await errorOf(f.call(foreign(code)));
    t.is(error.code, 'SNAPVM_CONFIG_VALUE', code);
    t.regex(error.message, says);
  }
});

test('paths as URLs, and signals', async (t) => {
  const engine = await startEngine(t, { workers: 1 });
  const url = (path: string): URL => {
    const { href, protocol, host } = new URL(`file://${path}`);
    return { href, protocol, host } as URL; // as another implementation has them
  };
  const echo = await engine.define('echo', { elf: url(ELF) });
  const listeners = new Set<() => void>();
  const signal = {
    aborted: false,
    reason: 'mine',
    addEventListener: (_type: string, action: () => void) => listeners.add(action),
    removeEventListener: (_type: string, action: () => void) => listeners.delete(action),
  };
  t.deepEqual(await echo.call('x', { signal: signal as unknown as AbortSignal }), new Uint8Array([120]));
  t.is(listeners.size, 0);
  const crash = await engine.define('crash', { elf: guestPath('examples/crash') });
  const options = { fn: 'loop', timeoutMs: 60_000, signal: signal as unknown as AbortSignal };
  const stopped = errorOf(crash.call('', options));
  for (const abort of listeners) abort();
  const error = await stopped;
  t.is(error.code, 'SNAPVM_CALL_ABORTED');
  t.is(error.cause, 'mine');
  const many = crash.callMany([''], options)[Symbol.asyncIterator]().next();
  await new Promise((resolve) => setImmediate(resolve));
  for (const abort of [...listeners]) abort();
  t.is((await t.throwsAsync(many, { instanceOf: SnapvmError }))?.code, 'SNAPVM_CALL_ABORTED');
});

test('what only looks like bytes is refused, and a length that is not true is not believed', async (t) => {
  const engine = await startEngine(t, { workers: 1 });
  const echo = await engine.define('echo', { elf: ELF });
  const detached = foreign<Uint8Array>('new Uint8Array(8)');
  structuredClone(detached.buffer, { transfer: [detached.buffer as ArrayBuffer] });
  const impostors: unknown[] = [
    new Proxy(new Uint8Array(4), {}),
    { length: 4, buffer: new ArrayBuffer(4), [Symbol.toStringTag]: 'Uint8Array' },
    Object.create(Uint8Array.prototype),
    foreign('new Uint16Array(2)'),
    foreign('new ArrayBuffer(2)'),
    detached,
  ];
  for (const [i, impostor] of impostors.entries())
    t.is((await errorOf(echo.call(impostor as Uint8Array))).code, 'SNAPVM_CONFIG_VALUE', `${i}`);
  const liar = foreign<Uint8Array>(
    'new (class extends Uint8Array { get length() { return 1e9; } get byteLength() { return 1e9; } })(3)',
  );
  t.deepEqual(await echo.call(liar), new Uint8Array(3));
});
