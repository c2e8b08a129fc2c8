// What callers are told: wrong arguments by name, guests' failures by code with the details a program may want.
import test from 'ava';
import { Engine, GuestError, SnapvmError } from '../../src/index.js';
import { codeOf, settle, startEngine } from '../support/engine.js';
import { guestPath } from '../support/sandbox.js';

const ECHO = { elf: guestPath('examples/echo') };
const CRASH = { elf: guestPath('examples/crash') };

/** Calls with values of any kind, as plain JavaScript may. */
function call(target: object, method: string, ...values: unknown[]): Promise<unknown> {
  return Reflect.apply(Reflect.get(target, method) as () => Promise<unknown>, target, values);
}

const VALUE = 'SNAPVM_CONFIG_VALUE';
const UNKNOWN = 'SNAPVM_CONFIG_UNKNOWN';

const WRONG_STARTS: readonly (readonly [options: unknown, code: string, message: RegExp])[] = [
  [{ workers: 0 }, VALUE, /^workers is 0; it must be a whole number from 1 to/],
  [{ workers: 257 }, VALUE, /^workers is 257/],
  [{ workers: 1.5 }, VALUE, /^workers is 1\.5/],
  [{ workers: '2' }, VALUE, /^workers is "2"/],
  [{ worker: 2 }, UNKNOWN, /no option "worker"; did you mean "workers"\?/],
  [{ logger: {} }, VALUE, /^logger is .*error, warn, info, debug, trace/],
  [null, VALUE, /^options is null/],
  [7, VALUE, /^options is 7/],
];

test('Engine.start refuses wrong options by name', async (t) => {
  for (const [options, code, message] of WRONG_STARTS) {
    await t.throwsAsync(call(Engine, 'start', options), { instanceOf: SnapvmError, code, message });
  }
});

const WRONG_POLICIES: readonly (readonly [policy: unknown, code: string, message: RegExp])[] = [
  [{ timeoutMs: 0 }, VALUE, /^timeoutMs is 0; it must be a number of milliseconds above 0/],
  [{ timeoutMs: -1 }, VALUE, /^timeoutMs is -1/],
  [{ timeoutMs: Number.NaN }, VALUE, /^timeoutMs is NaN/],
  [{ timeoutMs: '10' }, VALUE, /^timeoutMs is "10"/],
  [{ cpuMs: Number.POSITIVE_INFINITY }, VALUE, /^cpuMs is Infinity/],
  [{ initTimeoutMs: 86_400_001 }, VALUE, /^initTimeoutMs is 86400001/],
  [{ warm: 1 }, VALUE, /^warm is 1; it must be true or false/],
  [{ verifyRestore: 'yes' }, VALUE, /^verifyRestore is "yes"/],
  [{ maxExits: -1 }, VALUE, /^maxExits is -1/],
  [{ maxLogBytes: 0.5 }, VALUE, /^maxLogBytes is 0\.5/],
  [{ inputBytes: 100 }, VALUE, /^inputBytes is 100/],
  [{ timeoutMS: 5 }, UNKNOWN, /no option "timeoutMS"; did you mean "timeoutMs"\?/],
  [{ timeout: 5 }, UNKNOWN, /no option "timeout"; did you mean "timeoutMs"\?/],
  [{ hartbeat: 5 }, UNKNOWN, /no option "hartbeat"; /],
  ['fast', VALUE, /^policy is "fast"; it must be an object/],
];
const WRONG_SOURCES: readonly (readonly [source: unknown, code: string, message: RegExp])[] = [
  [undefined, VALUE, /^source is undefined/],
  [{}, VALUE, /^the source has none of elf, linux and js/],
  [{ ...ECHO, js: '' }, VALUE, /^the source has more than one of elf, linux and js/],
  [{ elf: 5 }, VALUE, /^elf is 5/],
  [{ elf: '/nonexistent/guest.elf' }, 'SNAPVM_ELF_FILE', /\/nonexistent\/guest\.elf/],
  [{ elf: new Uint8Array(100) }, 'SNAPVM_ELF_MAGIC', /./],
  [{ ...ECHO, privilege: 'root' }, VALUE, /^privilege is "root"/],
  [{ ...ECHO, initdata: new Uint8Array(1) }, UNKNOWN, /did you mean "initData"\?/],
];

test('define refuses wrong policies, sources and names, and the name stays free', async (t) => {
  const engine = await startEngine(t, { workers: 1 });
  for (const [policy, code, message] of WRONG_POLICIES) {
    await t.throwsAsync(call(engine, 'define', 'f', ECHO, policy), {
      instanceOf: SnapvmError,
      code,
      message,
    });
  }
  for (const [source, code, message] of WRONG_SOURCES) {
    await t.throwsAsync(call(engine, 'define', 'f', source), { instanceOf: SnapvmError, code, message });
  }
  for (const name of [undefined, '', 5, null, 'x'.repeat(257)]) {
    t.is(await codeOf(call(engine, 'define', name, ECHO)), 'SNAPVM_ENGINE_NAME', String(name));
  }
  const first = engine.define('f', ECHO);
  t.is(await settle((await first).call('works')), 'works');
});

const WRONG_CALLS: readonly (readonly [input: unknown, options: unknown, code: string, message: RegExp])[] = [
  [5, {}, VALUE, /^input is 5; it must be a Uint8Array or a string/],
  [null, {}, VALUE, /^input is null/],
  [[1, 2], {}, VALUE, /^input is /],
  [new ArrayBuffer(4), {}, VALUE, /^input is /],
  ['', { fn: 'ekho' }, 'SNAPVM_CALL_FUNCTION', /no function "ekho"; did you mean "echo"/],
  ['', { fn: 5 }, VALUE, /^fn is 5; it must be the name of a function/],
  ['', { signal: {} }, VALUE, /^signal is .*AbortSignal/],
  ['', { timeoutMs: 0 }, VALUE, /^timeoutMs is 0/],
  ['', { cpuMs: '5' }, VALUE, /^cpuMs is "5"/],
  ['', { timeoutMillis: 5 }, UNKNOWN, /no option "timeoutMillis"; did you mean "timeoutMs"\?/],
  ['', 'fast', VALUE, /^options is "fast"/],
];

test('call refuses wrong inputs and options by name, and the function stays usable', async (t) => {
  const engine = await startEngine(t, { workers: 1 });
  const echo = await engine.define('echo', ECHO);
  for (const [input, options, code, message] of WRONG_CALLS) {
    await t.throwsAsync(call(echo, 'call', input, options), { instanceOf: SnapvmError, code, message });
    t.is(await settle(echo.call('fine')), 'fine');
  }
});

/** fn, code, then what the details hold. */
const FAILURES: readonly (readonly [fn: string, code: string, details: object, message: RegExp])[] = [
  [
    'null_write',
    'SNAPVM_GUEST_FAULT',
    { vector: 14, vectorName: '#PF', access: 'write', cr2: 0n, errorCode: 6 },
    /^crash\.null_write: the guest raised #PF \(page fault: write 0x0\) at 0x[0-9a-f]+ \(null_write\+0x/,
  ],
  ['null_read', 'SNAPVM_GUEST_FAULT', { vectorName: '#PF', access: 'read', cr2: 0n }, /read 0x0/],
  ['execute_monitor', 'SNAPVM_GUEST_FAULT', { access: 'execute', cr2: 0xffff_ffff_8000_0000n }, /execute 0x/],
  [
    'divide',
    'SNAPVM_GUEST_FAULT',
    { vector: 0, vectorName: '#DE', cr2: undefined },
    /#DE \(divide error\) at/,
  ],
  ['undefined', 'SNAPVM_GUEST_FAULT', { vector: 6, vectorName: '#UD' }, /#UD/],
  ['privileged', 'SNAPVM_GUEST_FAULT', { vector: 13, vectorName: '#GP', access: undefined }, /#GP/],
  ['port', 'SNAPVM_GUEST_FAULT', { vectorName: '#GP', errorCode: 0 }, /port\+0x/],
  ['int3', 'SNAPVM_GUEST_FAULT', { vectorName: '#BP' }, /breakpoint/],
  ['syscall', 'SNAPVM_GUEST_UNSUPPORTED', {}, /Linux system call/],
  ['abort_code', 'SNAPVM_GUEST_ABORT', { guestCode: 42 }, /code 42: giving up/],
  ['heap_exhausted', 'SNAPVM_GUEST_ABORT', { guestCode: 12 }, /the heap is exhausted/],
  ['big_output', 'SNAPVM_GUEST_FAILED', { guestCode: 7 }, /returned 7/],
];

for (const warm of [true, false]) {
  test(`failures of a guest carry code, function and what happened (warm: ${warm})`, async (t) => {
    const engine = await startEngine(t, { workers: 1 });
    const crash = await engine.define('crash', CRASH, { warm });
    for (const [fn, code, details, message] of FAILURES) {
      const error = (await settle(crash.call('', { fn }))) as SnapvmError;
      t.true(error instanceof GuestError, fn);
      t.is(error.code, code as SnapvmError['code'], fn);
      t.like(error.details, { function: 'crash', fn, ...details }, fn);
      t.regex(error.message, message, fn);
      if (code === 'SNAPVM_GUEST_FAULT' && fn !== 'execute_monitor') {
        t.regex(String(error.details['symbol']), new RegExp(`^${fn}\\+0x`));
        t.is(crash.snapshot.symbolize(error.details['rip'] as bigint), error.details['symbol'] as string);
      }
      t.deepEqual(structuredClone(error.details), error.details, 'details can be sent anywhere');
      t.is(await settle(crash.call()), 'ok');
    }
  });
}

test('what a guest causes is a GuestError; what its caller causes is none', async (t) => {
  const engine = await startEngine(t, { workers: 1 });
  const crash = await engine.define('crash', CRASH);
  const late = await settle(crash.call('', { fn: 'loop', timeoutMs: 20 }));
  t.true(late instanceof GuestError && late.code === 'SNAPVM_CALL_TIMEOUT', String(late));
  const aborted = await settle(crash.call('', { fn: 'loop', signal: AbortSignal.abort() }));
  t.true(aborted instanceof SnapvmError && aborted.code === 'SNAPVM_CALL_ABORTED', String(aborted));
  t.false(aborted instanceof GuestError);
  t.is((aborted as SnapvmError).name, 'SnapvmError');
  t.false((await settle(crash.call('', { fn: 'lop' }))) instanceof GuestError);
});
