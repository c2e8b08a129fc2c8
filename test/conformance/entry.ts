/** What a guest finds at its first instruction: registers, the PEB, buffers. */
import assert from 'node:assert/strict';
import { Cases } from './case.js';
import { type Context, keepsBases } from './context.js';
import { type ReadyGuest, scaled, wordAt } from './guest.js';
import { assertInitial, look } from './registers.js';

const cases = new Cases('entry');
export const entryCases = cases.all;

const PEB = 0x5800_0000_0000n;
const INPUT = 0x5801_0000_0000n;
const OUTPUT = 0x5802_0000_0000n;
const INIT_DATA = 0x5803_0000_0000n;
const HEAP = 0x5810_0000_0000n;
const STACK_END = 0x5fff_ffff_0000n;
const HEADER_BYTES = 64;

// Indices of the registers in what entry.elf and leak.elf answer.
const [RCX, RDX, RSP, RSI, RDI] = [1, 2, 4, 6, 7];
const [RFLAGS, FS_BASE, GS_BASE] = [16, 17, 18];

cases.add('a call has exactly the registers of the design, at its first instruction', async (context) => {
  const guest = await context.ready('hostile/leak', { verifyRestore: true });
  const first = guest.output('look');
  context.note(`XSAVE components 0x${first.readBigUInt64LE(8).toString(16)}`);
  assertInitial(first, guest.keepsBases);
});

cases.add('every call has the same registers, and so has every sandbox of a snapshot', async (context) => {
  const one = await context.ready('hostile/leak');
  const other = await context.ready('hostile/leak');
  const first = look(one);
  for (let turn = 0; turn < scaled(10); turn++) {
    assert.equal(look(one), first);
    assert.equal(look(other), first);
  }
});

async function firstRegisters(context: Context, logLevel: number): Promise<Buffer> {
  const guest = await context.ready('conformance/entry', { config: { logLevel } });
  return guest.output('first');
}

for (const logLevel of [0, 5]) {
  cases.add(`Initialise has the registers of the design (log level ${logLevel})`, async (context) => {
    const registers = await firstRegisters(context, logLevel);
    const { descriptor } = await context.snapshot('conformance/entry', { config: { logLevel } });
    const expected = new Map<number, bigint>([
      [RSP, STACK_END - 8n],
      [RDI, PEB],
      [RSI, descriptor.registers.rsi],
      [RDX, 4096n],
      [RCX, BigInt(logLevel)],
      [RFLAGS, 0x202n],
    ]);
    for (let index = 0; index <= (keepsBases(context.backend) ? GS_BASE : RFLAGS); index++)
      assert.equal(wordAt(registers, index), expected.get(index) ?? 0n, `register ${index}`);
  });
}

cases.add('FS and GS bases are in every call what they were at ready', async (context) => {
  if (!keepsBases(context.backend)) {
    context.note('this kernel does not know of bases that ring 3 has set, and so does not keep them');
    return;
  }
  const guest = await context.ready('conformance/entry');
  for (let turn = 0; turn < 3; turn++) {
    const bases = guest.output('bases');
    if (wordAt(bases, 0) === 0n) {
      context.note('this processor does not let ring 3 set them');
      return;
    }
    assert.equal(wordAt(bases, 1), HEAP);
    assert.equal(wordAt(bases, 2), HEAP + 8n);
  }
  assert.equal(wordAt(guest.output('first'), FS_BASE), 0n, 'zero at Initialise');
});

cases.add('the PEB tells where the buffers, init data and the heap are', async (context) => {
  const initData = Buffer.from('some init data');
  const config = { inputBytes: 0x6000, outputBytes: 0x8000, heapBytes: 0x30000 };
  const guest = await context.ready('conformance/probe', { initData, config });
  const peb = guest.output('peb');
  const found = Array.from({ length: 8 }, (_, index) => wordAt(peb, index));
  const data = [BigInt(initData.length), INIT_DATA];
  assert.deepEqual(found, [0x6000n, INPUT, 0x8000n, OUTPUT, ...data, 0x30000n, HEAP]);
});

cases.add('the input begins with the header of the design, new entropy in it', async (context) => {
  const guest = await context.ready('conformance/probe');
  const entropies = new Set<string>();
  for (let turn = 0; turn < 8; turn++) {
    const header = guest.output('header', Buffer.alloc(turn));
    assert.equal(header.length, HEADER_BYTES);
    const index = guest.functions.indexOf('header');
    const words = [0, 4, 8, 12].map((at) => header.readUInt32LE(at));
    assert.deepEqual(words, [1, 1, index, 0], 'abi, kind, function, status');
    assert.equal(header.readBigUInt64LE(16), BigInt(turn), 'length');
    assert.equal(header.readBigUInt64LE(56), 0n, 'reserved');
    entropies.add(header.subarray(24, 56).toString('hex'));
  }
  assert.equal(entropies.size, 8);
});

async function assertNothingBehind(guest: ReadyGuest): Promise<void> {
  const full = new Uint8Array(0x4000 - HEADER_BYTES).fill(0x41);
  for (const input of [full, full.subarray(0, 5000), full.subarray(0, 1), full.subarray(0, 0)])
    assert.equal(wordAt(guest.output('behind_input', input), 0), 0n, `${input.length} bytes`);
}

cases.add('input behind the message is zero, whatever the call before was given', async (context) => {
  await assertNothingBehind(await context.ready('conformance/probe', { verifyRestore: true }));
});

cases.add('the output buffer is zero when a call begins', async (context) => {
  const guest = await context.ready('conformance/probe', { verifyRestore: true });
  for (let turn = 0; turn < 3; turn++) {
    assert.equal(guest.output('fill_output').length, 0x4000 - HEADER_BYTES);
    assert.equal(wordAt(guest.output('in_output'), 0), 0n);
  }
});

cases.add('random bytes are new in every call', async (context) => {
  const guest = await context.ready('examples/echo');
  const calls = scaled(200, 5);
  const seen = new Set<string>();
  for (let turn = 0; turn < calls; turn++) {
    seen.add(guest.output('entropy').toString('hex'));
    seen.add(guest.output('random', '32').toString('hex'));
  }
  assert.equal(seen.size, 2 * calls);
});
