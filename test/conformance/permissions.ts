/** Each region has the rights its snapshot says, on its first and its last byte, and nothing lies between regions. */
import assert from 'node:assert/strict';
import { EXECUTE, WRITE } from '../../src/base/numbers.js';
import type { Region, RegionName } from '../../src/snapshot/layout.js';
import { Cases } from './case.js';
import type { Context, GuestOptions } from './context.js';
import {
  assertEnds,
  type Expected,
  matches,
  type Outcome,
  type ReadyGuest,
  show,
  wordAt,
  words,
} from './guest.js';

const cases = new Cases('permissions');
export const permissionCases = cases.all;

// Page-fault error codes.
const [PRESENT, WRITING, USER, FETCH] = [1, 2, 4, 16];
const PAGE = 0x1000n;
const PROBE = 'conformance/probe';

function pageFault(errorCode: number, cr2: bigint): Expected {
  return { kind: 'fault', fault: { vector: 14, errorCode, cr2 } };
}

const fine: Expected = { kind: 'result', code: 0 };

/** @param refusal The error code when it is not allowed. */
function assertRead(guest: ReadyGuest, address: bigint, allowed: boolean, refusal = PRESENT | USER): void {
  const expected = allowed ? fine : pageFault(refusal, address);
  assertEnds(guest.call('read_byte', words(address)), expected, `reading 0x${address.toString(16)}`);
}

/** What is there is written: it may be the guest's own data. */
function assertWrite(guest: ReadyGuest, address: bigint, allowed: boolean): void {
  const [byte = 0] = allowed ? guest.output('read_byte', words(address)) : [];
  const expected = allowed ? fine : pageFault(PRESENT | USER | WRITING, address);
  const outcome = guest.call('write_byte', words(address, BigInt(byte)));
  assertEnds(outcome, expected, `writing 0x${address.toString(16)}`);
}

function assertNoExecute(guest: ReadyGuest, address: bigint): void {
  const outcome = guest.call('execute', words(address));
  const fault = { vector: 14, errorCode: PRESENT | USER | FETCH, cr2: address, rip: address };
  assertEnds(outcome, { kind: 'fault', fault }, `executing 0x${address.toString(16)}`);
}

function ends({ gva, bytes }: Region): [first: bigint, last: bigint] {
  return [gva, gva + BigInt(bytes) - 1n];
}

/** What may be executed is not tried here: its first bytes do as they please. */
function assertRights(guest: ReadyGuest, region: Region): void {
  for (const address of ends(region)) {
    assertRead(guest, address, region.user);
    assertWrite(guest, address, region.user && (region.flags & WRITE) !== 0);
    if (!region.user || (region.flags & EXECUTE) === 0) assertNoExecute(guest, address);
  }
}

function regions(guest: ReadyGuest, name: RegionName): Region[] {
  const found = guest.snapshot.layout.regions.filter((region) => region.name === name);
  assert(found.length > 0, `the guest has no ${name}`);
  return found;
}

const REGIONS: Readonly<Partial<Record<RegionName, string>>> = {
  code: 'read and executed',
  rodata: 'only read',
  data: 'read and written',
  peb: 'only read',
  heap: 'read and written',
  stack: 'read and written',
  input: 'only read',
  output: 'read and written',
  'monitor code': 'out of reach',
  'monitor data': 'out of reach',
};

for (const [name, rights] of Object.entries(REGIONS)) {
  cases.add(
    `${name} can be ${rights}`.replace('be out', 'be neither read nor written: out'),
    async (context) => {
      const guest = await context.ready(PROBE);
      for (const region of regions(guest, name as RegionName)) assertRights(guest, region);
    },
  );
}

cases.add('the page of stubs can be read at most, and not written', async (context) => {
  const guest = await context.ready(PROBE);
  for (const region of regions(guest, 'monitor stub')) {
    for (const address of ends(region)) {
      assertWrite(guest, address, false);
      // Without a monitor there is nothing to read; then the fault is as for its other pages.
      const outcome = guest.call('read_byte', words(address));
      const kvm = context.backend === 'kvm';
      const ways = kvm ? [fine] : [fine, pageFault(PRESENT | USER, address)];
      assert(
        ways.some((way) => matches(outcome, way)),
        show(outcome),
      );
    }
  }
});

for (const [permissions, rights] of [
  ['r', 'only be read'],
  ['rw', 'be read and written'],
  ['rx', 'be read and executed'],
] as const) {
  cases.add(`init data given as ${permissions} can ${rights}`, async (context) => {
    const data = Buffer.alloc(5000, 0xc3); // `ret`
    const guest = await context.ready(PROBE, { initData: { data, permissions } });
    assert.deepEqual(guest.output('init_data'), data);
    const [region] = regions(guest, 'init data');
    assert(region !== undefined);
    assertRights(guest, region);
    if (permissions === 'rx') assertEnds(guest.call('execute', words(region.gva + 4999n)), fine);
  });
}

async function assertPlaces(context: Context, name: string, options: GuestOptions = {}): Promise<void> {
  const guest = await context.ready(name, { verifyRestore: true, ...options });
  const places = guest.output('places');
  const [code, rodata, data, bss, heap, stack] = Array.from({ length: 6 }, (_, i) => wordAt(places, i));
  assert(code && rodata && data && bss && heap && stack);
  assertEnds(guest.call('execute', words(code)), fine);
  for (const address of [code, rodata]) assertWrite(guest, address, false);
  for (const address of [rodata, data, bss, heap, stack]) assertNoExecute(guest, address);
  for (const address of [data, bss, heap]) assertWrite(guest, address, true);
}

cases.add(
  'code, constants, variables, heap and stack have their rights where the guest finds them',
  (context) => assertPlaces(context, PROBE),
);
cases.add('so have those of a guest that was relocated', async (context) => {
  await assertPlaces(context, 'conformance/probe.pie');
  const guest = await context.ready('conformance/probe.pie');
  assert.equal(wordAt(guest.output('places'), 0) >> 40n, 0x50n, 'it runs at its base');
  for (const region of guest.snapshot.layout.regions.filter(({ name }) => name !== 'monitor stub'))
    assertRights(guest, region);
});

const isMapped = (all: readonly Region[], address: bigint): boolean =>
  all.some(({ gva, bytes }) => address >= gva && address < gva + BigInt(bytes));

cases.add('before and behind every region of the lower half there is nothing', async (context) => {
  const guest = await context.ready(PROBE, { initData: Buffer.from('x') });
  const all = guest.snapshot.layout.regions;
  let tried = 0;
  for (const region of all.filter(({ user, name }) => user && name !== 'monitor stub')) {
    const [first, last] = ends(region);
    for (const address of [first - PAGE, first - 1n, last + 1n, last + PAGE]) {
      if (isMapped(all, address)) continue;
      tried++;
      assertRead(guest, address, false, USER);
      const outcome = guest.call('write_byte', words(address, 0n));
      assertEnds(outcome, pageFault(USER | WRITING, address), `writing 0x${address.toString(16)}`);
      const jumped = guest.call('execute', words(address));
      assertEnds(jumped, pageFault(USER | FETCH, address), `executing 0x${address.toString(16)}`);
    }
  }
  assert(tried >= 20, `${tried} addresses`);
});

cases.add('the upper half is out of reach', async (context) => {
  const guest = await context.ready(PROBE);
  for (const address of [
    0xffff_8000_0000_0000n,
    0xffff_ffff_7fff_f000n,
    0xffff_ffff_8000_3000n,
    // Where Linux has a page for old system calls that anybody may jump to.
    0xffff_ffff_ff60_0000n,
    0xffff_ffff_ffff_f000n,
  ]) {
    for (const [fn, access] of [
      ['read_byte', USER],
      ['write_byte', USER | WRITING],
      ['execute', USER | FETCH],
    ] as const) {
      const outcome = guest.call(fn, words(address, 0n));
      const what = `${fn} 0x${address.toString(16)}: ${show(outcome)}`;
      assert(matches(outcome, { kind: 'fault', fault: { vector: 14, cr2: address } }), what);
      // The other bits are not the guest's business: a hypervisor or a host may have pages of its own there.
      const { errorCode } = (outcome as Extract<Outcome, { kind: 'fault' }>).fault;
      assert.equal(errorCode & (USER | WRITING | FETCH), access, what);
    }
  }
});

cases.add('addresses of the lower half that no region has are not there', async (context) => {
  const guest = await context.ready(PROBE);
  for (const address of [0x1000n, 0xf000n, 0x4000_0000_0000n, 0x7fff_ffff_e000n, 0x7fff_ffff_f000n])
    assertRead(guest, address, false, USER);
});
