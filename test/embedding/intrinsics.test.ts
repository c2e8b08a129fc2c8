// Inside a program that has frozen, replaced or added to what JavaScript brings along.
import test, { type ExecutionContext } from 'ava';
import { INDEX, runModule } from '../support/engine.js';
import { guestPath } from '../support/sandbox.js';

/** A definition of each kind that can be had, good and bad calls, and the end; says what was not as it should be. */
const LIFE = `
const failures = [];
process.on('unhandledRejection', (error) => failures.push('unhandled: ' + error.message));
const code = (step) => step.then(() => 'ok', (error) => error.code ?? String(error));
const expect = async (wanted, step) => {
  const found = await code(step);
  if (found !== wanted) failures.push(wanted + ' was ' + found);
};
const engine = await Engine.start({ workers: 1, hostFunctions: { lookup: async () => ({ found: 1 }) } });
const elf = ${JSON.stringify(guestPath('examples/echo'))};
await expect('ok', engine.define('echo', { elf }));
await expect('ok', engine.define('crash', { elf: ${JSON.stringify(guestPath('examples/crash'))} }));
const js = 'export default async (x) => { if (x === 2) throw new TypeError("no"); return host.lookup(x); }';
await expect('ok', engine.define('js', { js }, { hostFunctions: ['lookup'] }));
await expect('ok', engine.define('linux', { linux: ${JSON.stringify(guestPath('conformance/linux'))} }));
await expect('ok', engine.call('echo', 'x'));
await expect('ok', engine.call('echo', 'x', {}));
await expect('ok', engine.call('linux', 'x'));
await expect('SNAPVM_CALL_FUNCTION', engine.call('crash', 'x', { fn: 'none' }));
await expect('SNAPVM_GUEST_FAULT', engine.call('crash', 'x', { fn: 'null_write' }));
await expect('SNAPVM_CALL_TIMEOUT', engine.call('crash', 'x', { fn: 'loop', timeoutMs: 50 }));
await expect('SNAPVM_CONFIG_VALUE', engine.call('crash', 'x', { timeoutMs: 'long' }));
await expect('ok', engine.call('js', { a: [1, new Uint8Array(2)] }));
await expect('SNAPVM_JS_ERROR', engine.call('js', 2));
const many = [];
for await (const answer of engine.get('echo').callMany(['a', 'b'])) many.push(answer);
if (many.length !== 2) failures.push('callMany');
await expect('ok', engine.undefine('echo'));
await expect('SNAPVM_ENGINE_UNKNOWN', engine.call('echo', 'x'));
await expect('ok', engine.close());
await new Promise((resolve) => setTimeout(resolve, 10));
console.log(failures.join('; ') || 'fine');`;

const IMPORT = `const { Engine } = await import(${JSON.stringify(INDEX)});\n`;

async function isFine(t: ExecutionContext, code: string, flags: readonly string[] = []): Promise<void> {
  const child = await runModule(code, flags);
  t.is(child.stdout, 'fine\n', child.stderr);
  t.is(child.code, 0);
}

for (const flags of [
  ['--frozen-intrinsics'],
  ['--disable-proto=delete'],
  ['--disable-proto=throw'],
  ['--stack-trace-limit=0'],
  ['--unhandled-rejections=strict'],
]) {
  test.serial(`node ${flags.join(' ')}`, (t) => isFine(t, IMPORT + LIFE, flags));
}

const ALL =
  '[Object, Array, Promise, Map, Set, WeakMap, Function, Error, Uint8Array, String, RegExp, Symbol]';
const DONE_TO_IT: Readonly<Record<string, string>> = {
  'Error is frozen': 'Object.freeze(Error);',
  'Error.stackTraceLimit cannot be written':
    "Object.defineProperty(Error, 'stackTraceLimit', { value: 10, writable: false });",
  'Error.stackTraceLimit is gone': 'delete Error.stackTraceLimit;',
  'Error.stackTraceLimit is no number': "Error.stackTraceLimit = 'many';",
  'Error.captureStackTrace is gone': 'delete Error.captureStackTrace;',
  'Error.prepareStackTrace throws': "Error.prepareStackTrace = () => { throw new Error('mine'); };",
  'Error.prepareStackTrace gives no text': 'Error.prepareStackTrace = () => ({});',
  'all prototypes are frozen': `for (const it of ${ALL}) Object.freeze(it), Object.freeze(it.prototype);`,
  'Array has additions, and a function that throws': `Array.prototype.extra = 1;
    Array.prototype.flat = () => { throw new Error('mine'); };`,
};

for (const [what, code] of Object.entries(DONE_TO_IT)) {
  test.serial(`${what}, from the start`, (t) => isFine(t, code + IMPORT + LIFE));
  test.serial(`${what}, later on`, (t) => isFine(t, IMPORT + code + LIFE));
}

const ADDITIONS = `Object.assign(Object.prototype, {
    timeoutMs: -1, cpuMs: -1, warm: 3, args: 3, drain: 3, fn: 3, deadlineMs: -1, inFlight: -1, js: 3,
    linux: 3, file: 3, language: 3, privilege: 3, initData: 3, workers: 0, store: 3, logger: 3, cause: 3, toJSON: undefined,
    helper() {},
  });`;

// esbuild itself does not load where Object.prototype has additions that are no functions: it is loaded before.
test.serial('Object has additions that are named like options', (t) =>
  isFine(
    t,
    `${IMPORT}
const first = await Engine.start({ workers: 1 });
await first.define('first', { js: 'export default () => 1;' });
await first.close();
${ADDITIONS}
${LIFE}`,
  ),
);
