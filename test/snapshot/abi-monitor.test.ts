// The monitor, byte by byte: what the processor is told, and what ring 3 may do.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import * as config from '../../src/base/abi.js';
import { of, PROJECT } from '../support/abi-sources.js';

const monitor = readFileSync(join(PROJECT, 'dist/guest/monitor.bin'));
const KHB = config.KERNEL_HIGH_BASE;
const OUT_IMM8 = 0xe6;

test('the GDT has 64-bit segments for ring 0 and 3, and nothing else', (t) => {
  const gdt = Array.from({ length: of('MONITOR_GDT_BYTES') / 8 }, (_, i) =>
    monitor.readBigUInt64LE(of('MONITOR_GDT') + i * 8),
  );
  const expected = new Map([
    [of('SEL_KERNEL_CODE'), 0x00af_9b00_0000_ffffn],
    [of('SEL_KERNEL_DATA'), 0x00cf_9300_0000_ffffn],
    [of('SEL_USER_DATA') & ~3, 0x00cf_f300_0000_ffffn],
    [of('SEL_USER_CODE') & ~3, 0x00af_fb00_0000_ffffn],
  ]);
  t.deepEqual(
    gdt,
    gdt.map((_, i) => expected.get(i * 8) ?? 0n),
  );
  t.is(of('SEL_USER_CODE') & 3, 3);
  t.is(of('SEL_USER_DATA') & 3, 3);
});

test('the TSS lets ring 3 write exactly the six ports of the ABI', (t) => {
  const base = of('MONITOR_TSS') + monitor.readUInt16LE(of('MONITOR_TSS') + 102);
  const end = of('MONITOR_TSS') + of('TSS_LIMIT');
  const allowed: number[] = [];
  for (let port = 0; port < 0x1_0000; port++) {
    // The processor reads two bytes from the port's; past the limit is #GP.
    const at = base + (port >> 3);
    if (at + 1 <= end && ((monitor[at] ?? 0xff) >> (port & 7)) % 2 === 0) allowed.push(port);
  }
  const ports = ['PORT_LOG', 'PORT_HOST_CALL', 'PORT_ABORT', 'PORT_PRINT', 'PORT_DONE', 'PORT_SYSCALL'];
  t.deepEqual(allowed, ports.map(of));
  t.deepEqual(allowed, [99, 101, 102, 103, 108, 110]);
  t.is(monitor[end], 0xff, 'the byte the processor may read past the bitmap');
});

test('the TSS has its stacks on the monitor\u2019s stack page', (t) => {
  const top = KHB + BigInt(of('MONITOR_STACK_TOP'));
  t.is(monitor.readBigUInt64LE(of('MONITOR_TSS') + 4), top, 'RSP0');
  t.is(monitor.readBigUInt64LE(of('MONITOR_TSS') + 36), top, 'IST1');
  const stack = monitor.subarray(of('MONITOR_STACK'), of('MONITOR_STACK_TOP'));
  t.true(stack.every((byte) => byte === 0));
});

test('every vector has an interrupt gate through IST1 to its own stub', (t) => {
  for (let vector = 0; vector < of('MONITOR_VECTORS'); vector++) {
    const gate = of('MONITOR_IDT') + vector * 16;
    const offset =
      BigInt(monitor.readUInt16LE(gate)) |
      (BigInt(monitor.readUInt16LE(gate + 6)) << 16n) |
      (BigInt(monitor.readUInt32LE(gate + 8)) << 32n);
    const stub = of('MONITOR_FAULT_STUBS') + vector * of('MONITOR_FAULT_STUB_BYTES');
    t.is(offset, KHB + BigInt(stub), `offset of ${vector}`);
    t.is(monitor.readUInt16LE(gate + 2), of('SEL_KERNEL_CODE'), `selector of ${vector}`);
    t.is(monitor[gate + 4], 1, `IST of ${vector}`);
    // Present, interrupt gate; DPL 3 only for int3.
    t.is(monitor[gate + 5], vector === 3 ? 0xee : 0x8e, `type of ${vector}`);
    t.is(monitor.readUInt32LE(gate + 12), 0, `reserved of ${vector}`);
    // out %al, $0x80 + vector; hlt
    t.deepEqual([...monitor.subarray(stub, stub + 3)], [OUT_IMM8, of('PORT_FAULT') + vector, 0xf4]);
  }
  t.is(of('MONITOR_IDT_BYTES'), of('MONITOR_VECTORS') * 16);
});

test('the page ring 3 can read has the two stubs, the entry block and an initial XSAVE area', (t) => {
  const stub = of('MONITOR_SYSCALL_STUB');
  t.deepEqual([...monitor.subarray(stub, stub + 4)], [OUT_IMM8, of('PORT_SYSCALL'), 0x0f, 0x0b], 'out; ud2');
  const entry = of('MONITOR_ENTRY_STUB');
  t.deepEqual([...monitor.subarray(entry, entry + 2)], [0xdb, 0xe3], 'fninit first');
  const block = of('MONITOR_ENTRY_BLOCK');
  t.true(
    monitor.subarray(block, block + 32).every((byte) => byte === 0),
    'filled in by each snapshot',
  );
  const area = Buffer.from(monitor.subarray(of('MONITOR_XSAVE_AREA')));
  t.is(area.readUInt16LE(0), 0x37f);
  t.is(area.readUInt32LE(24), 0x1f80);
  area.fill(0, 0, 2).fill(0, 24, 28);
  t.true(
    area.every((byte) => byte === 0),
    'XSTATE_BV is 0: everything initial',
  );
});
