// Errors say where the call was made: their stack is that of the caller's own line, and their details name the call.
import test from 'ava';
import { type FunctionHandle, SnapvmError } from '../../src/index.js';
import { eventually, startEngine } from '../support/engine.js';
import { errorOf, forever, HOSTCALL, LONG, startHostEngine } from '../support/host.js';
import { guestPath } from '../support/sandbox.js';

const CRASH = { elf: guestPath('examples/crash') };
const HERE = /stack\.test\.[jt]s/;

/** The first frame of a stack that is not of the package, as ava prints it. */
function topFrame(error: SnapvmError): string {
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return frames.find((line) => !/[\\/]src[\\/]/.test(line)) ?? `none: ${error.stack}`;
}

function namesCaller(t: Parameters<typeof errorOf>[0], error: SnapvmError, caller: RegExp): void {
  t.true(error instanceof SnapvmError);
  t.regex(topFrame(error), HERE, error.stack);
  t.regex(topFrame(error), caller, error.stack);
  t.true(error.stack?.startsWith(`${error.name}: ${error.message}\n`), error.stack);
}

/** Ways in which callers make a call that fails; each is named after what its stack must say. */
const CALLERS: Readonly<Record<string, (handle: FunctionHandle, fn: string) => Promise<unknown>>> = {
  async awaited(handle, fn) {
    return await handle.call('', { fn });
  },
  returned(handle, fn) {
    return handle.call('', { fn });
  },
  async inPromiseAll(handle, fn) {
    return Promise.all([handle.call('', { fn: 'ok' }), handle.call('', { fn })]);
  },
  async caughtWithoutAwait(handle, fn) {
    let seen: unknown;
    handle.call('', { fn }).catch((error: unknown) => {
      seen = error;
    });
    while (seen === undefined) await new Promise((resolve) => setTimeout(resolve, 1));
    throw seen;
  },
  async awaitedLater(handle, fn) {
    const call = handle.call('', { fn });
    call.catch(() => {});
    await new Promise((resolve) => setTimeout(resolve, 50));
    return call;
  },
};

test('a failure of a guest has the stack of the call, however it was awaited', async (t) => {
  const engine = await startEngine(t, { workers: 1 });
  const crash = await engine.define('crash', CRASH);
  for (const [name, caller] of Object.entries(CALLERS)) {
    for (const fn of ['null_write', 'abort_code', 'big_output', 'no such function']) {
      namesCaller(t, await errorOf(t, caller(crash, fn)), new RegExp(`\\b${name}\\b`));
    }
  }
});

test('engine.call too, and for unknown names', async (t) => {
  const engine = await startEngine(t, { workers: 1 });
  await engine.define('crash', CRASH);
  async function byName(name: string, fn: string): Promise<unknown> {
    return await engine.call(name, '', { fn });
  }
  for (const [name, fn] of [
    ['crash', 'null_write'],
    ['crash', 'no such function'],
    ['krash', 'null_write'],
  ] as const) {
    namesCaller(t, await errorOf(t, byName(name, fn)), /byName/);
  }
});

test('callMany: the stack of the callMany call', async (t) => {
  const engine = await startEngine(t, { workers: 1 });
  const crash = await engine.define('crash', CRASH);
  async function many(inputs: unknown, options: object): Promise<void> {
    for await (const answer of crash.callMany(inputs as string[], options)) t.is(answer.length, 2);
  }
  for (const [inputs, options] of [
    [['', ''], { fn: 'null_write' }],
    [['', 5], { fn: 'ok' }],
    [['', ''], { inFlight: 0 }],
    [5, {}],
  ] as const) {
    namesCaller(t, await errorOf(t, many(inputs, options)), /many/);
  }
});

test('of many calls at once each has the stack of its own call, if somebody awaits it', async (t) => {
  const engine = await startEngine(t, { workers: 1 });
  const crash = await engine.define('crash', CRASH);
  async function oneOfMany(): Promise<unknown> {
    return await crash.call('', { fn: 'null_write' });
  }
  const errors = await Promise.all(Array.from({ length: 50 }, () => errorOf(t, oneOfMany())));
  for (const error of errors) namesCaller(t, error, /\boneOfMany\b/);
});

test('wrong arguments have the stack of the call', async (t) => {
  const engine = await startEngine(t, { workers: 1 });
  const crash = await engine.define('crash', CRASH);
  async function wrong(...given: unknown[]): Promise<unknown> {
    return await crash.call(...(given as [string]));
  }
  for (const given of [
    [5],
    ['', { timeoutMs: 0 }],
    ['', { timeout: 5 }],
    ['', 'fast'],
    [new Uint8Array(1e6)],
  ]) {
    namesCaller(t, await errorOf(t, wrong(...given)), /wrong/);
  }
});

test('what ends a call from outside has the stack of the call, and each call has its own', async (t) => {
  const { engine, guest } = await startHostEngine(t, { lookup: forever }, { maxQueue: 5 });
  const controller = new AbortController();
  const { signal } = controller;
  async function one(): Promise<unknown> {
    return await guest.call('', { ...LONG, signal });
  }
  async function two(): Promise<unknown> {
    return await guest.call('', { ...LONG, signal });
  }
  async function late(): Promise<unknown> {
    return await guest.call('', { ...LONG, deadlineMs: 50 });
  }
  async function tooMany(): Promise<void> {
    await Promise.all(Array.from({ length: 20 }, () => guest.call('', { signal })));
  }
  async function closed(): Promise<unknown> {
    return await guest.call('', LONG);
  }
  const calls = [errorOf(t, one()), errorOf(t, two())];
  namesCaller(t, await errorOf(t, late()), /late/);
  namesCaller(t, await errorOf(t, tooMany()), /tooMany|Array\.from|<anonymous>|map/);
  controller.abort();
  for (const [i, error] of (await Promise.all(calls)).entries())
    namesCaller(t, error, i === 0 ? /one/ : /two/);
  t.true(await eventually(() => engine.stats().pending === 0));
  const ends = errorOf(t, closed());
  await engine.close();
  namesCaller(t, await ends, /closed/);
  namesCaller(t, await errorOf(t, closed()), /closed/);
});

test('every error of a call says of which: function, fn and call', async (t) => {
  const ids: number[] = [];
  const { engine, guest } = await startHostEngine(
    t,
    {
      lookup: (_input, { call }) => {
        ids.push(call);
        return forever();
      },
    },
    { maxQueue: 1 },
  );
  const crash = await engine.define('crash', CRASH);
  const about = (fn: string, call: number): object => ({ function: 'guest', fn, call });
  const fault = await errorOf(t, crash.call('', { fn: 'null_write' }));
  t.like(fault.details, { function: 'crash', fn: 'null_write', call: 1 });
  t.like((await errorOf(t, guest.call('', { timeoutMs: 50 }))).details, {
    ...about('lookup', 2),
    timeoutMs: 50,
  });
  t.like((await errorOf(t, guest.call('', { signal: AbortSignal.abort() }))).details, about('lookup', 3));
  const closed = errorOf(t, guest.call(''));
  t.true(await eventually(() => ids.includes(4)));
  const late = errorOf(t, guest.call('', { deadlineMs: 200 }));
  t.like((await errorOf(t, guest.call('', { fn: 'say' }))).details, { ...about('say', 6), maxQueue: 1 });
  t.like((await late).details, about('lookup', 5));
  await engine.close();
  t.like((await closed).details, about('lookup', 4));
  // The time of 2 or of 5 may be up before its guest has called the host.
  t.deepEqual(
    ids.filter((id) => ![2, 4, 5].includes(id)),
    [],
    'host functions are told the same numbers',
  );
});

// Serial: the limit is the whole process's.
test.serial('the stack is there though stack traces are short, or switched off', async (t) => {
  const engine = await startEngine(t, { workers: 1 });
  const crash = await engine.define('crash', CRASH);
  const limit = Error.stackTraceLimit;
  t.teardown(() => {
    Error.stackTraceLimit = limit;
  });
  for (const frames of [0, 1, 3, 100]) {
    Error.stackTraceLimit = frames;
    const call = crash.call('', { fn: 'null_write' });
    t.is(Error.stackTraceLimit, frames);
    const error = await errorOf(t, call);
    t.is(error.code, 'SNAPVM_GUEST_FAULT');
    t.true(error.stack?.startsWith('GuestError: crash.null_write: the guest raised #PF'), error.stack);
  }
  const hostcall = await engine.define('hostcall', HOSTCALL);
  t.is((await hostcall.call('', { fn: 'say' })).length, 4);
});
