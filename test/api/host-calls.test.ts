// Host functions: what they are called with, what the guest gets from them, and who may call which.
import test from 'ava';
import { Engine, type HostCallContext, type HostFunction, SnapvmError } from '../../src/index.js';
import { codeOf, settle, startEngine } from '../support/engine.js';
import { errorOf, HOSTCALL, ROOM, startHostEngine, text } from '../support/host.js';
import { guestPath, scaled } from '../support/sandbox.js';

for (const warm of [true, false]) {
  test(`a guest calls the host and gets its answer, sync or async (warm: ${warm})`, async (t) => {
    const { guest } = await startHostEngine(
      t,
      {
        upper: (input) => text(input).toUpperCase(),
        later: async (input) => {
          await new Promise((resolve) => setTimeout(resolve, 5));
          return `later ${text(input)}`;
        },
        // biome-ignore lint/suspicious/noThenProperty: any thenable will do
        thenable: () => ({ then: (resolve) => resolve?.('then') as never }),
      },
      {},
      { warm },
    );
    for (let turn = 0; turn < scaled(20); turn++) {
      t.is(await settle(guest.call(`upper turn ${turn}`, { fn: 'relay' })), `TURN ${turn}`);
      t.is(await settle(guest.call(`later ${turn}`, { fn: 'relay' })), `later ${turn}`);
    }
    t.is(await settle(guest.call('thenable', { fn: 'relay' })), 'then');
  });

  test(`a call may make many host calls, each with its own answer (warm: ${warm})`, async (t) => {
    const { guest } = await startHostEngine(
      t,
      { lookup: (input) => `<${text(input)}>` },
      {},
      { warm, verifyRestore: true },
    );
    t.is(await settle(guest.call('4', { fn: 'many' })), '<1>;<2>;<3>;<4>;');
    t.is(await settle(guest.call('2', { fn: 'many' })), '<1>;<2>;');
    t.is(await settle(guest.call('key')), '<key>');
  });
}

const ANSWERS: readonly (readonly [what: string, answer: ReturnType<HostFunction>, expected: string])[] = [
  ['text, as UTF-8', 'h\u00e9llo', 'h\u00e9llo'],
  ['bytes', Uint8Array.of(0x61, 0x62), 'ab'],
  ['a Buffer', Buffer.from('pooled'), 'pooled'],
  ['a view on a larger buffer', Buffer.from('0123456789').subarray(3, 6), '345'],
  ['a view on shared memory', new Uint8Array(new SharedArrayBuffer(8), 2, 3).fill(0x7a), 'zzz'],
  ['no bytes', new Uint8Array(0), ''],
  ['no text', '', ''],
  ['nothing', undefined, ''],
  ['a promise of nothing', Promise.resolve(undefined), ''],
];

test('an answer is bytes, text or nothing', async (t) => {
  let answer: ReturnType<HostFunction>;
  const { guest } = await startHostEngine(t, { lookup: () => answer });
  for (const [what, given, expected] of ANSWERS) {
    answer = given;
    t.is(await settle(guest.call('key')), expected, what);
    t.is(await settle(guest.call('key')), expected, `${what}, again: it stays the host's`);
  }
});

test('an answer is taken when it is given: the host may change its bytes after', async (t) => {
  const bytes = Buffer.from('before');
  const { guest } = await startHostEngine(t, {
    lookup: () => {
      setImmediate(() => bytes.fill(0x21));
      return bytes;
    },
  });
  t.is(await settle(guest.call()), 'before');
});

test('a host function has its own copy of the bytes, and may keep and change them', async (t) => {
  const kept: Uint8Array[] = [];
  const { guest } = await startHostEngine(t, {
    lookup: (input) => {
      kept.push(input);
      return input;
    },
  });
  t.is(await settle(guest.call('first')), 'first');
  t.is(await settle(guest.call('second')), 'second');
  kept[0]?.fill(0x2e);
  t.is(await settle(guest.call('third')), 'third');
  t.deepEqual(kept.map(text), ['.....', 'second', 'third']);
  t.true(kept.every((input) => input.constructor === Uint8Array && input.byteOffset === 0));
});

test('any bytes reach the host, as many as the buffers hold, and come back', async (t) => {
  const { guest } = await startHostEngine(t, { lookup: (input) => input });
  const all = Uint8Array.from({ length: 10_000 }, (_, i) => i * 7);
  t.deepEqual(await guest.call(all), all);
  t.deepEqual(await guest.call(new Uint8Array(0)), new Uint8Array(0));
});

test('a host function is told who calls, and has a signal of the call', async (t) => {
  const contexts: HostCallContext[] = [];
  const states: boolean[] = [];
  const { engine, guest } = await startHostEngine(t, {
    lookup: (_input, context) => {
      contexts.push(context);
      states.push(context.signal.aborted);
      return 'x';
    },
  });
  const other = await engine.define('other', HOSTCALL, { hostFunctions: ['lookup'] });
  await guest.call('2', { fn: 'many' });
  await other.call('key');
  const [first, second, third] = contexts as [HostCallContext, HostCallContext, HostCallContext];
  t.like(first, { function: 'guest', fn: 'many', call: 1 });
  t.like(second, { function: 'guest', fn: 'many', call: 1 });
  t.like(third, { function: 'other', fn: 'lookup', call: 2 });
  t.deepEqual(Object.keys(first).sort(), ['args', 'call', 'caller', 'fn', 'function', 'signal']);
  t.is(first.signal, second.signal, 'one signal a call');
  t.not(first.signal, third.signal);
  t.deepEqual(states, [false, false, false]);
  t.true(first.signal.aborted, 'the call has ended');
});

test('a guest may call what its definition names, and nothing else the engine has', async (t) => {
  let called = 0;
  const count = (): string => `${++called}`;
  const engine = await startEngine(t, { workers: 1, hostFunctions: { lookup: count, ghost: count } });
  for (const warm of [true, false]) {
    const name = (what: string): string => `${what} ${warm}`;
    const both = await engine.define(name('both'), HOSTCALL, { warm, hostFunctions: ['lookup', 'ghost'] });
    const one = await engine.define(name('one'), HOSTCALL, { warm, hostFunctions: ['ghost'] });
    const none = await engine.define(name('none'), HOSTCALL, { warm, hostFunctions: [] });
    const silent = await engine.define(name('silent'), HOSTCALL, { warm });
    for (const [handle, lookup, ghost] of [
      [both, true, true],
      [one, false, true],
      [none, false, false],
      [silent, false, false],
    ] as const) {
      const before = called;
      t.is((await settle(handle.call('x'))) === 'not allowed', !lookup, handle.name);
      t.is((await settle(handle.call('x', { fn: 'ghost' }))) === 'not allowed', !ghost, handle.name);
      t.is(called - before, Number(lookup) + Number(ghost));
    }
    for (const odd of ['toString', '__proto__', 'constructor', 'Lookup', 'lookup\0', '']) {
      t.is(
        await settle(both.call(`${odd} x`, { fn: 'relay' })),
        odd === 'lookup\0' ? `${called}` : 'not allowed',
      );
    }
  }
});

test('what a name may call follows the definition: a redefinition changes it', async (t) => {
  const { engine, guest } = await startHostEngine(t, { lookup: () => 'answer' });
  t.is(await settle(guest.call()), 'answer');
  await engine.define('guest', HOSTCALL);
  t.is(await settle(guest.call()), 'not allowed');
  await engine.define('guest', HOSTCALL, { hostFunctions: ['lookup'] });
  t.is(await settle(guest.call()), 'answer');
});

const WRONG_NAMES: readonly (readonly [names: unknown, message: RegExp])[] = [
  [['lokup'], /^hostFunctions is "lokup"; .*did you mean "lookup"\?/],
  [['lookup', 'nothing like it'], /^hostFunctions is "nothing like it"; .*lookup/],
  [['toString'], /^hostFunctions is "toString"/],
  [[5], /^hostFunctions is 5/],
  ['lookup', /^hostFunctions is "lookup"; it must be an array of names/],
  [{ lookup: () => 'x' }, /^hostFunctions is .*an array of names/],
];

test('a definition that names a host function the engine lacks is refused', async (t) => {
  const engine = await startEngine(t, { workers: 1, hostFunctions: { lookup: () => 'x' } });
  for (const [names, message] of WRONG_NAMES) {
    const policy = { hostFunctions: names } as never;
    await t.throwsAsync(engine.define('f', HOSTCALL, policy), {
      instanceOf: SnapvmError,
      code: 'SNAPVM_CONFIG_VALUE',
      message,
    });
  }
  t.is(engine.get('f'), undefined);
  const bare = await startEngine(t, { workers: 1 });
  const error = await errorOf(t, bare.define('f', HOSTCALL, { hostFunctions: ['lookup'] }));
  t.regex(error.message, /the engine was started without host functions/);
});

test('an engine with host functions that are no functions does not start', async (t) => {
  for (const [hostFunctions, message] of [
    [{ lookup: 'x' }, /^hostFunctions\.lookup is "x"; it must be a function/],
    [{ fine: () => 'x', lookup: undefined }, /^hostFunctions\.lookup is undefined/],
    ['lookup', /^hostFunctions is "lookup"; it must be an object/],
    [null, /^hostFunctions is null/],
  ] as const) {
    const start = Engine.start({ workers: 1, hostFunctions: hostFunctions as never });
    await t.throwsAsync(start, { instanceOf: SnapvmError, code: 'SNAPVM_CONFIG_VALUE', message });
  }
});

test('the engine keeps the host functions it was started with', async (t) => {
  const hostFunctions: Record<string, HostFunction> = { lookup: () => 'first' };
  const engine = await startEngine(t, { workers: 1, hostFunctions });
  hostFunctions['lookup'] = () => 'changed';
  hostFunctions['late'] = () => 'late';
  const names = ['lookup'];
  const guest = await engine.define('guest', HOSTCALL, { hostFunctions: names });
  names.pop();
  t.is(await settle(guest.call()), 'first');
  t.is(await codeOf(engine.define('f', HOSTCALL, { hostFunctions: ['late'] })), 'SNAPVM_CONFIG_VALUE');
});

for (const warm of [true, false]) {
  test(`a guest that calls the host while it initialises is refused (warm: ${warm})`, async (t) => {
    let called = 0;
    const engine = await startEngine(t, { workers: 1, hostFunctions: { lookup: () => `${++called}` } });
    const source = { elf: guestPath('hostile/forge'), initData: Buffer.from('h') };
    const define = engine.define('early', source, { warm, hostFunctions: ['lookup'] });
    t.is(await codeOf(define), 'SNAPVM_GUEST_PROTOCOL');
    t.is(called, 0);
  });
}

test('an answer may fill the input buffer to the last byte', async (t) => {
  let bytes = 0;
  const { guest } = await startHostEngine(t, { lookup: () => new Uint8Array(bytes).fill(0x61) });
  for (bytes of [ROOM, ROOM - 1]) t.is((await guest.call()).length, bytes);
  bytes = ROOM + 1;
  t.is(await settle(guest.call()), 'too large');
  bytes = ROOM;
  t.is((await guest.call()).length, bytes);
});
