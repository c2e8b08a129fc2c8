// Functions by name: calling, finding, defining anew and taking back, through the engine and through handles.
import test from 'ava';
import { SnapvmError } from '../../src/index.js';
import { codeOf, eventually, settle, startEngine } from '../support/engine.js';
import { errorOf, gate, HOSTCALL, LONG, startHostEngine } from '../support/host.js';
import { guestPath, scaled } from '../support/sandbox.js';

const ECHO = { elf: guestPath('examples/echo') };
const COUNTER = { elf: guestPath('examples/counter') };

test('engine.call calls by name, with the input and the options of a handle', async (t) => {
  const engine = await startEngine(t, { workers: 1 });
  await engine.define('echo', ECHO);
  t.is(await settle(engine.call('echo', 'text')), 'text');
  t.deepEqual(await engine.call('echo', Uint8Array.of(1, 2)), Uint8Array.of(1, 2));
  t.deepEqual(await engine.call('echo'), new Uint8Array(0));
  t.is(await settle(engine.call('echo', 'abc', { fn: 'reverse' })), 'cba');
  t.is(await codeOf(engine.call('echo', 'x', { fn: 'ekho' })), 'SNAPVM_CALL_FUNCTION');
  t.is(await codeOf(engine.call('echo', 5 as never)), 'SNAPVM_CONFIG_VALUE');
  t.is(await codeOf(engine.call('echo', 'x', { timeoutMs: 0 })), 'SNAPVM_CONFIG_VALUE');
});

test('an unknown name is refused, with the name that was meant', async (t) => {
  const engine = await startEngine(t, { workers: 1 });
  const none = await errorOf(t, engine.call('echo'));
  t.is(none.code, 'SNAPVM_ENGINE_UNKNOWN');
  t.regex(none.message, /"echo".*none is/);
  await engine.define('resize', ECHO);
  await engine.define('wordcount', ECHO);
  const error = await errorOf(t, engine.call('wordcuont', 'x'));
  t.true(error instanceof SnapvmError);
  t.is(error.code, 'SNAPVM_ENGINE_UNKNOWN');
  t.deepEqual(error.details, { function: 'wordcuont' });
  t.regex(error.message, /"wordcuont".*did you mean "wordcount"/);
  t.regex((await errorOf(t, engine.call('something else'))).message, /resize.*wordcount/);
  t.regex((await errorOf(t, engine.undefine('resise'))).message, /did you mean "resize"/);
  for (const odd of ['toString', '__proto__', undefined, 5]) {
    t.is(await codeOf(engine.call(odd as string)), 'SNAPVM_ENGINE_UNKNOWN');
  }
  t.is(engine.stats().calls, 0);
});

test('get and list give the handles that are defined, in the order of their names', async (t) => {
  const engine = await startEngine(t, { workers: 1 });
  t.deepEqual(engine.list(), []);
  t.is(engine.get('b'), undefined);
  const b = await engine.define('b', ECHO);
  const a = await engine.define('a', COUNTER);
  t.is(engine.get('b'), b);
  t.is(engine.get('a'), a);
  t.is(engine.get('toString'), undefined);
  t.deepEqual(engine.list(), [b, a]);
  t.is(await engine.define('b', COUNTER), b, 'the handle stands for the name');
  t.deepEqual(engine.list(), [b, a], 'a redefinition keeps its place');
  engine.list().length = 0;
  t.is(engine.list().length, 2);
  await engine.undefine('b');
  t.deepEqual(engine.list(), [a]);
  const again = await engine.define('b', ECHO);
  t.not(again, b);
  t.deepEqual(engine.list(), [a, again]);
});

test('a handle tells what its name runs now, and the last of it when it is gone', async (t) => {
  const engine = await startEngine(t, { workers: 1 });
  const handle = await engine.define('f', ECHO);
  const echo = { hash: handle.hash, functions: handle.functions };
  t.is(await settle(handle.call('text')), 'text');
  await engine.define('f', COUNTER);
  t.is(handle.name, 'f');
  t.not(handle.hash, echo.hash);
  t.notDeepEqual(handle.functions, echo.functions);
  t.is(await settle(handle.call()), '1');
  const counter = handle.hash;
  await engine.undefine('f');
  t.is(handle.name, 'f');
  t.is(handle.hash, counter);
  t.true(handle.functions.length > 0);
  t.is(handle.stats().calls, 2);
  const error = await errorOf(t, handle.call());
  t.is(error.code, 'SNAPVM_ENGINE_UNKNOWN');
  t.deepEqual(error.details, { function: 'f' });
});

test('what undefine takes back is gone for the engine and for the handle; the name is free', async (t) => {
  const engine = await startEngine(t, { workers: 1 });
  const first = await engine.define('f', ECHO);
  await engine.undefine('f');
  t.is(await codeOf(engine.call('f', 'x')), 'SNAPVM_ENGINE_UNKNOWN');
  t.is(await codeOf(engine.undefine('f')), 'SNAPVM_ENGINE_UNKNOWN');
  await first.undefine();
  const second = await engine.define('f', ECHO);
  t.is(await codeOf(first.call('x')), 'SNAPVM_ENGINE_UNKNOWN', 'the old handle does not come back');
  await first.undefine();
  t.is(await settle(second.call('second')), 'second', 'nor does it take back the new one');
  await Promise.all([second.undefine(), second.undefine()]);
  t.is(await codeOf(second.call('x')), 'SNAPVM_ENGINE_UNKNOWN');
  t.is(engine.get('f'), undefined);
});

test('undefine lets the calls on their way end, running and queued', async (t) => {
  const waits = gate<string>();
  const { engine, guest } = await startHostEngine(t, { lookup: () => waits.promise });
  const hosted = settle(guest.call('x'));
  t.true(await eventually(() => engine.stats().hostCalls === 1));
  const queued = Array.from({ length: 100 }, () => settle(guest.call('x', { fn: 'say' })));
  const undefined_ = guest.undefine();
  t.deepEqual(await Promise.all(queued), Array<string>(100).fill('said'));
  waits.open('done');
  t.is(await hosted, 'done');
  await undefined_;
});

test('a name may be defined anew under load: every call is answered by one of the two guests', async (t) => {
  const engine = await startEngine(t, { workers: 2 });
  const versions = ['ping', 'pong'];
  const define = (i: number): Promise<unknown> => engine.define('f', i % 2 === 0 ? ECHO : HOSTCALL, LONG);
  await define(0);
  const seen = new Map<string, number>();
  let ended = false;
  const caller = async (): Promise<void> => {
    while (!ended) {
      const answer = await codeOf(engine.call('f', 'ping'));
      seen.set(answer, (seen.get(answer) ?? 0) + 1);
    }
  };
  const callers = Array.from({ length: 16 }, caller);
  for (let i = 1; i <= scaled(20, 4); i++) await define(i);
  ended = true;
  await Promise.all(callers);
  t.deepEqual([...seen.keys()].sort(), ['not allowed', 'ping'], versions.join());
  t.is(engine.list().length, 1);
});

test('definitions of one name come one after the other; the last one stays', async (t) => {
  const engine = await startEngine(t, { workers: 2 });
  const handles = await Promise.all([
    engine.define('f', ECHO),
    engine.define('f', COUNTER),
    engine.define('f', ECHO),
    engine.define('f', COUNTER),
  ]);
  t.is(new Set(handles).size, 1);
  t.is(await settle(engine.call('f')), '1');
  // A definition that fails leaves the one before.
  t.is(await codeOf(engine.define('f', { elf: new Uint8Array(100) })), 'SNAPVM_ELF_MAGIC');
  t.is(await settle(engine.call('f')), '1');
  const [, , last] = await Promise.all([
    engine.undefine('f'),
    engine.define('f', ECHO),
    engine.undefine('f'),
  ]);
  t.is(last, undefined);
  t.is(engine.get('f'), undefined);
});

test('a closed engine refuses calls and definitions, and has no functions', async (t) => {
  const engine = await startEngine(t, { workers: 1 });
  const handle = await engine.define('f', ECHO);
  t.is(await settle(handle.call('x')), 'x');
  await engine.close();
  t.is(await codeOf(engine.call('f')), 'SNAPVM_ENGINE_CLOSED');
  t.is(await codeOf(handle.call()), 'SNAPVM_ENGINE_CLOSED');
  t.is(await codeOf(engine.undefine('f')), 'SNAPVM_ENGINE_CLOSED');
  await handle.undefine();
  t.is(engine.get('f'), undefined);
  t.deepEqual(engine.list(), []);
  t.is(handle.name, 'f');
});
