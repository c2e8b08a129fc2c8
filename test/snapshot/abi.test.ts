// The numbers that TypeScript, C++, C and assembly must agree on, read from the sources and the monitor's bytes.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { EXIT, STATUS } from '../../src/addon/addon.js';
import * as config from '../../src/base/abi.js';
import { ERROR_CODES } from '../../src/base/errors.js';
import { FIELD, RESIDENT_BYTES, RING, STATE, WORD } from '../../src/wire/ring.js';
import { layout, of, PROJECT, source } from '../support/abi-sources.js';

/** The members of a C++ enumeration, with their values. */
function enumeration(text: string, head: RegExp): Record<string, number> {
  const body = new RegExp(`${head.source}[^{]*\\{([^}]*)\\}`).exec(text)?.[1];
  if (body === undefined) throw new Error(`no enumeration ${head.source}`);
  const members: Record<string, number> = {};
  let next = 0;
  for (const part of body.replace(/\/\/.*$/gm, '').split(',')) {
    const [name = '', value] = part.split('=').map((side) => side.trim());
    if (name === '') continue;
    if (value !== undefined) next = Number(value);
    members[name] = next++;
  }
  return members;
}

const lower = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1);

test('src/base/abi.ts and guest/monitor/layout.h have the same addresses', (t) => {
  const same: readonly (readonly [actual: bigint | number, name: string])[] = [
    [config.BASE_ADDRESS, 'SNAPVM_BASE_ADDRESS'],
    [config.KERNEL_HIGH_BASE, 'SNAPVM_KERNEL_HIGH_BASE'],
    [config.MAX_GPA, 'SNAPVM_MAX_GPA'],
    [config.MONITOR.pages * config.PAGE, 'MONITOR_BYTES'],
    [config.MONITOR.userStub, 'MONITOR_USER'],
    [config.MONITOR.userStub, 'MONITOR_SYSCALL_STUB'],
    [config.MONITOR.entryStub, 'MONITOR_ENTRY_STUB'],
    [config.MONITOR.entryBlock, 'MONITOR_ENTRY_BLOCK'],
  ];
  for (const [actual, name] of same) t.is(BigInt(actual), layout.get(name) ?? -1n, name);
});

test('native/abi.h and guest/sdk/abi.h have the same message format', (t) => {
  const native = source('native/abi.h');
  const sdk = source('guest/sdk/abi.h');
  const kinds = enumeration(native, /enum class OutputKind/);
  const sdkKinds = enumeration(sdk, /enum kind/);
  t.deepEqual(Object.values(sdkKinds), Object.values(kinds));
  t.deepEqual(Object.values(kinds), [1, 2, 3, 4, 5]);
  t.deepEqual(enumeration(native, /enum class InputKind/), { Call: 1, Answer: 2 });
  const ports = enumeration(sdk, /enum port/);
  t.deepEqual(
    Object.entries(ports).map(([name, port]) => [name, port]),
    Object.keys(ports).map((name) => [name, of(name)]),
  );
  t.regex(sdk, new RegExp(`^#define ABI_VERSION ${config.GUEST_ABI}$`, 'm'));
  t.regex(native, new RegExp(`kGuestAbi = ${config.GUEST_ABI};`));
  t.regex(native, /sizeof\(InputHeader\) == 64/);
  t.is(config.MESSAGE_HEADER_BYTES, 64);
});

test('src/wire/ring.ts and native/pool/ring.h have the same ring', (t) => {
  const ring = source('native/pool/ring.h');
  const constant = (name: string): number => Number(new RegExp(`k${name} = (\\d+);`).exec(ring)?.[1]);
  for (const [name, value] of [
    ['RingSlots', RING.slots],
    ['RingInlineBytes', RING.inlineBytes],
    ['RingStates', RING.states],
    ['RingOrders', RING.orders],
    ['RingHeaders', RING.headers],
    ['RingHeaderDoubles', RING.headerDoubles],
    ['RingPayloads', RING.payloads],
    ['RingResidentBytes', RESIDENT_BYTES],
  ] as const) {
    t.is(constant(name), value, name);
  }
  const words = enumeration(ring, /enum class RingWord : uint8_t/);
  t.deepEqual(Object.fromEntries(Object.entries(words).map(([name, at]) => [lower(name), at])), WORD);
  const states = enumeration(ring, /enum class SlotState : int32_t/);
  t.deepEqual(Object.fromEntries(Object.entries(states).map(([name, at]) => [lower(name), at])), STATE);
  const fields = enumeration(source('native/pool/ring.cc'), /enum Field/);
  const names: Record<string, string> = { kFunction: 'fn' };
  for (const [name, at] of Object.entries(fields))
    t.is((FIELD as Record<string, number>)[names[name] ?? lower(name.slice(1))], at, name);
  t.is(Object.keys(fields).length, Object.keys(FIELD).length);
});

test('exits and status words have the numbers of the native side', (t) => {
  const kinds = enumeration(source('native/sandbox/outcome.h'), /enum class OutcomeKind/);
  for (const [name, number] of Object.entries(EXIT)) {
    const there = Object.keys(kinds).find((kind) => lower(kind) === name);
    t.is(there === undefined ? undefined : kinds[there], number, name);
  }
  t.is(Object.keys(kinds).length, Object.keys(EXIT).length);
  const status = enumeration(source('native/node/sandbox_wrap.cc'), /enum Status/);
  const expected = Object.entries(STATUS).map(([name, number]) => [
    name === 'words' ? 'statusLength' : name,
    number,
  ]);
  t.deepEqual(
    Object.entries(status).map(([name, number]) => [lower(name.slice(1)), number]),
    expected,
  );
});

test('stop reasons have the order of the native side', (t) => {
  const reasons = enumeration(source('native/machine/interrupter.h'), /enum class StopReason/);
  t.deepEqual(reasons, { None: 0, Time: 1, Cpu: 2, Abort: 3, Close: 4 });
  t.regex(source('workers/sandbox.ts'), /STOP_REASONS[^=]*= \['time', 'cpu', 'abort', 'close'\]/);
});

test('every code the native side raises exists', (t) => {
  const files = readdirSync(join(PROJECT, 'native'), { recursive: true, encoding: 'utf8' });
  const codes = files
    .filter((file) => /\.(h|cc|c)$/.test(file))
    .flatMap((file) => source(join('native', file)).match(/"SNAPVM_\w+"/g) ?? [])
    .map((literal) => literal.slice(1, -1));
  t.true(codes.length >= 7);
  for (const code of codes) t.true(Object.hasOwn(ERROR_CODES, code), code);
});

test('docs/errors.md has one row for each code, and no other', (t) => {
  const rows = [...source('docs/errors.md').matchAll(/^\| `(SNAPVM_\w+)` \|/gm)].map(([, code]) => code);
  t.deepEqual([...rows].sort(), Object.keys(ERROR_CODES).sort());
});
