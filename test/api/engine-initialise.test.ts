// Defining functions: Initialise runs in a worker, may fail in any way, and may log.
import test from 'ava';
import type { Logger, SnapvmError } from '../../src/index.js';
import { codeOf, settle, startEngine } from '../support/engine.js';
import { RING_0 } from '../support/ring-0.js';
import { guestPath } from '../support/sandbox.js';
import { testWith } from '../support/test-with.js';

const FORGE = guestPath('hostile/forge');

/** What init data makes forge.c do, and what define says of it. */
const FAILURES: readonly (readonly [how: string, code: string, details: object])[] = [
  ['l', 'SNAPVM_CALL_TIMEOUT', { timeoutMs: 50 }],
  ['f', 'SNAPVM_GUEST_FAULT', { vectorName: '#UD' }],
  ['a', 'SNAPVM_GUEST_ABORT', { guestCode: 9 }],
  ['e', 'SNAPVM_GUEST_ABORT', { guestCode: 0x8000_0001 }],
  ['h', 'SNAPVM_GUEST_PROTOCOL', {}],
  ['z', 'SNAPVM_GUEST_PROTOCOL', {}],
  ['r', 'SNAPVM_GUEST_PROTOCOL', {}],
  ['n', 'SNAPVM_GUEST_PROTOCOL', {}],
  ['d', 'SNAPVM_GUEST_PROTOCOL', {}],
];

for (const warm of [true, false]) {
  test(`a guest that fails to initialise is refused, and its name stays free (warm: ${warm})`, async (t) => {
    const engine = await startEngine(t, { workers: 1 });
    for (const [how, code, details] of FAILURES) {
      // Where a guest wants to be called is looked at when it is frozen, so by a function that is not warm never.
      if (!warm && how === 'd') continue;
      const source = { elf: FORGE, initData: Buffer.from(how) };
      const limits = how === 'l' ? { initTimeoutMs: 50 } : {};
      const error = await engine.define('forge', source, { warm, ...limits }).then(
        () => t.fail(`'${how}' was defined`),
        (cause: SnapvmError) => cause,
      );
      t.like(error, { code, details: { function: 'forge', ...details } } as never, how);
      t.regex((error as SnapvmError).message, /^forge \(initialising\): /, how);
    }
    const forge = await engine.define('forge', { elf: FORGE }, { warm });
    t.is(await settle(forge.call()), 'ok');
  });
}

test('Initialise has its own time limit, and a call has the policy\u2019s', async (t) => {
  const engine = await startEngine(t, { workers: 1 });
  const echo = await engine.define('echo', { elf: guestPath('examples/echo') }, { timeoutMs: 0.000_001 });
  t.is(await codeOf(echo.call('x', { timeoutMs: 60_000 })), 'x');
  t.is(await codeOf(echo.call('x')), 'SNAPVM_CALL_TIMEOUT');
});

interface Line {
  readonly level: string;
  readonly fields: object;
  readonly text: string;
}

function keepLines(): { readonly lines: Line[]; readonly logger: Logger } {
  const lines: Line[] = [];
  const keep =
    (level: string) =>
    (fields: object, text: string): void => {
      lines.push({ level, fields, text });
    };
  const logger = {
    error: keep('error'),
    warn: keep('warn'),
    info: keep('info'),
    debug: keep('debug'),
    trace: keep('trace'),
  };
  return { lines, logger };
}

test('a logger gets each line with its level, the function and what was called', async (t) => {
  const { lines, logger } = keepLines();
  const engine = await startEngine(t, { workers: 1, logger });
  const guest = await engine.define('guest', { elf: guestPath('examples/hostcall') }, { logLevel: 4 });
  t.is(await settle(guest.call('hello log', { fn: 'say' })), 'said');
  t.deepEqual(lines, [
    { level: 'info', fields: { function: 'guest', fn: 'say', call: 1 }, text: 'hello log' },
  ]);
  lines.length = 0;
  await guest.call('2', { fn: 'many' });
  t.deepEqual(
    lines.map(({ level, text }) => [level, text]),
    [
      ['debug', 'turn 1 of 2'],
      ['debug', 'turn 2 of 2'],
    ],
  );
});

test('a guest logs only up to its level, and any level it invents is a trace', async (t) => {
  const { lines, logger } = keepLines();
  const engine = await startEngine(t, { workers: 1, logger });
  const silent = await engine.define('silent', { elf: guestPath('examples/hostcall') }, { logLevel: 2 });
  t.is(await settle(silent.call('nothing', { fn: 'say' })), 'said');
  t.deepEqual(lines, []);
  const forge = await engine.define('forge', { elf: FORGE });
  await forge.call('', { fn: 'log_level_any' });
  t.deepEqual(
    lines.map(({ level, fields }) => ({ level, fields })),
    [{ level: 'trace', fields: { function: 'forge', fn: 'log_level_any', call: 2 } }],
  );
});

test('floods of lines and host calls end in an error, and the next call works', async (t) => {
  const engine = await startEngine(t, { workers: 1 });
  const forge = await engine.define('forge', { elf: FORGE }, { maxExits: 100, maxLogBytes: 3000 });
  for (const fn of ['log_flood', 'print_flood', 'host_call_flood']) {
    t.is(await codeOf(forge.call('', { fn, timeoutMs: 60_000 })), 'SNAPVM_GUEST_LIMIT', fn);
    t.is(await settle(forge.call()), 'ok');
  }
});

test('a host function that was not allowed answers so, in the guest', async (t) => {
  const engine = await startEngine(t, { workers: 1 });
  for (const warm of [true, false]) {
    const guest = await engine.define(`guest ${warm}`, { elf: guestPath('examples/hostcall') }, { warm });
    t.is(await settle(guest.call('key')), 'not allowed');
    t.is(await settle(guest.call('key', { fn: 'ghost' })), 'not allowed');
    t.is(await settle(guest.call('3', { fn: 'many' })), 'not allowed;not allowed;not allowed;');
  }
});

testWith(RING_0, 'supervisor guests are defined and called like any other', async (t) => {
  const engine = await startEngine(t, { workers: 1 });
  for (const warm of [true, false]) {
    const elf = guestPath('hostile/supervisor.supervisor');
    const guest = await engine.define(`ring 0 ${warm}`, { elf, privilege: 'supervisor' }, { warm });
    for (const [fn, code] of [
      ['triple', 'SNAPVM_GUEST_SHUTDOWN'],
      ['hlt', 'SNAPVM_GUEST_UNSUPPORTED'],
      ['ok', 'ok'],
    ] as const) {
      t.is(await codeOf(guest.call('', { fn })), code);
      t.is(await settle(guest.call('', { fn: 'ok' })), 'ok');
    }
  }
});
