/** What leak.elf's "look" and "scan" answer, decoded: the layouts stand in guest/hostile/leak.h. */
import assert from 'node:assert/strict';
import type { ReadyGuest } from './guest.js';

const IMAGE = 256;
const XINUSE: readonly [number, number] = [192, 200];
const XSAVE_HEADER = IMAGE + 512;
const XSTATE_BV: readonly [number, number] = [XSAVE_HEADER, XSAVE_HEADER + 8];
const BASES: readonly [number, number] = [168, 184];
const GENERAL = 16;
const RSP = 4;
const RDI = 7;
const PEB = 0x5800_0000_0000n;
const VALID_XSAVE = 4;
const VALID_XINUSE = 8;

/** Plants that end by themselves, by a fault or in time, and those that never end. */
export const PLANTS: Readonly<Record<string, 'result' | 'fault' | 'syscall' | 'stopped'>> = {
  plant: 'result',
  plant_in: 'fault',
  plant_fault: 'fault',
  plant_loop: 'stopped',
  plant_fault_loop: 'stopped',
  plant_syscall: 'syscall',
  plant_x87_exception: 'result',
  plant_memory: 'result',
};

/** Every register at the first instruction of a call, without XSTATE_BV and XINUSE, which say nothing of contents. */
export function look(guest: ReadyGuest): string {
  const bytes = guest.output('look');
  bytes.fill(0, ...XSTATE_BV).fill(0, ...XINUSE);
  if (!guest.keepsBases) bytes.fill(0, ...BASES);
  return bytes.toString('hex');
}

/** What xgetbv(1) gives at a call's first instructions: the components in use. `undefined`: there is no xgetbv(1). */
export function inUse(guest: ReadyGuest): bigint | undefined {
  const bytes = guest.output('look');
  return (bytes.readUInt32LE(188) & VALID_XINUSE) !== 0 ? bytes.readBigUInt64LE(XINUSE[0]) : undefined;
}

/**
 * What leak.elf takes with any function: whether it is to leave FS and GS base alone, as bits, and how much of its stack to
 * look at. Where they are not its own, it would find there what the guest of another process has.
 */
export function leakInput(bases: boolean): Buffer {
  const LEAVE_BASES = 1;
  const STACK_BYTES = 0x4_0000;
  return Buffer.from(Uint32Array.of(bases ? 0 : LEAVE_BASES, STACK_BYTES).buffer);
}

/** How many words of the secret a guest finds in its memory. */
export function scan(guest: ReadyGuest): bigint {
  return guest.output('scan', leakInput(guest.keepsBases)).readBigUInt64LE(0);
}

/** A call's registers as the design has them, not just the same every time. `bases`: FS and GS base too. */
export function assertInitial(bytes: Buffer, bases: boolean): void {
  assert.equal(bytes.readUInt32LE(0), 2, 'version of the layout');
  assert.equal(bytes.length, IMAGE + bytes.readUInt32LE(4));
  const general = Array.from({ length: 16 }, (_, i) => bytes.readBigUInt64LE(GENERAL + i * 8));
  assert.equal(general[RDI], PEB);
  assert.equal((general[RSP] ?? 0n) % 16n, 8n, 'rsp is 8 mod 16');
  assert.deepEqual(
    general.filter((_, i) => i !== RSP && i !== RDI),
    Array<bigint>(14).fill(0n),
    'every other general register is zero',
  );
  assert.equal(bytes.readBigUInt64LE(144), 0x202n, 'rflags');
  assert.deepEqual(selectors(bytes), [0x33, 0, 0, 0, 0, 0x2b], 'cs ds es fs gs ss');
  assert.equal(bytes.readUInt32LE(164), 0x1f80, 'MXCSR');
  if (bases) {
    assert.equal(bytes.readBigUInt64LE(168), 0n, 'FS base');
    assert.equal(bytes.readBigUInt64LE(176), 0n, 'GS base');
  }
  assert.equal(bytes.readUInt32LE(184), 0, 'PKRU');
  const image = Buffer.from(bytes.subarray(IMAGE));
  assert.equal(image.readUInt16LE(0), 0x37f, 'FCW');
  assert.equal(image.readUInt32LE(24), 0x1f80, 'MXCSR of the image');
  // MXCSR_MASK is the processor's; XSTATE_BV is no content.
  image.fill(0, 0, 2).fill(0, 24, 32);
  if ((bytes.readUInt32LE(188) & VALID_XSAVE) !== 0) image.fill(0, 512, 520);
  assert(
    image.every((byte) => byte === 0),
    `x87, vector, mask and PKRU state is initial: ${image.toString('hex')}`,
  );
}

function selectors(bytes: Buffer): number[] {
  return Array.from({ length: 6 }, (_, i) => bytes.readUInt16LE(152 + i * 2));
}
