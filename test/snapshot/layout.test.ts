import { createHash } from 'node:crypto';
import test from 'ava';
import type { Region } from '../../src/snapshot/layout.js';
import type { Snapshot } from '../../src/snapshot/snapshot.js';
import type { Privilege } from '../../src/wire/descriptor.js';
import { filled } from '../support/elf-builder.js';
import {
  buildTest,
  DYN,
  KHB,
  PAGE,
  SUPERVISOR_EXEC,
  TEST_MONITOR,
  USER_EXEC,
} from '../support/snapshot-build.js';
import { GOLDEN, type Golden } from '../support/snapshot-golden.js';
import { walkAll } from '../support/snapshot-walker.js';

async function buildGolden({ privilege, elf, config, initData }: Golden): Promise<Snapshot> {
  const exec = privilege === 'user' ? USER_EXEC : SUPERVISOR_EXEC;
  return buildTest(
    {
      elf: elf === 'dyn' ? DYN : exec,
      privilege,
      ...(initData && { initData: { data: filled(initData.bytes, 5), permissions: initData.permissions } }),
    },
    config,
  );
}

function hex(value: number | bigint): string {
  return `0x${value.toString(16)}`;
}

function regionText({ name, gpa, gva, bytes, flags, user }: Region): string {
  const rights = `${flags & 1 ? 'r' : '-'}${flags & 2 ? 'w' : '-'}${flags & 4 ? 'x' : '-'}`;
  return `${name}: ${hex(gpa)} @ ${hex(gva)} + ${hex(bytes)} ${rights} ${user ? 'user' : 'supervisor'}`;
}

/** The entry bits the design's table gives for a leaf. */
const LEAF: Readonly<Record<string, readonly [low: number, noExecute: boolean]>> = {
  'rwx supervisor': [0x63, false],
  'r-x supervisor': [0x61, false],
  'rw- supervisor': [0x63, true],
  'r-- supervisor': [0x61, true],
  'r-x user': [0x65, false],
  'rw- user': [0x67, true],
  'r-- user': [0x65, true],
};

/** Every leaf that the written-down regions promise, ascending by GVA, as `gva gpa low nx`. */
function promisedLeaves(regions: readonly string[]): string[] {
  const parsed = regions.map((line) => {
    const [, gpa = '', gva = '', bytes = '', kind = ''] =
      /: (0x\w+) @ (0x\w+) \+ (0x\w+) (.*)$/.exec(line) ?? [];
    return { gpa, gva: BigInt(gva), bytes, kind };
  });
  parsed.sort((a, b) => (a.gva < b.gva ? -1 : 1));
  return parsed.flatMap(({ gpa, gva, bytes, kind }) => {
    const [low, noExecute] = LEAF[kind] ?? [0, false];
    return Array.from(
      { length: Number(bytes) / PAGE },
      (_, page) => `${gva + BigInt(page * PAGE)} ${Number(gpa) + page * PAGE} ${low} ${noExecute}`,
    );
  });
}

for (const golden of GOLDEN) {
  test.serial(`layout, page tables and PEB: ${golden.name}`, async (t) => {
    const snapshot = await buildGolden(golden);
    const { layout } = snapshot;
    t.deepEqual(layout.regions.map(regionText), golden.regions);
    t.is(layout.scratchBytes, golden.scratchBytes);
    t.is(layout.ptBaseGpa, golden.ptBaseGpa);
    t.is(layout.imageBytes, golden.imageBytes);
    t.is(layout.tableBytes, golden.tableBytes);

    const tables = snapshot.read(golden.ptBaseGpa, golden.tableBytes);
    const walk = walkAll(tables, golden.ptBaseGpa);
    const met = walk.leaves.map((leaf) => `${leaf.gva} ${leaf.gpa} ${leaf.entryLow} ${leaf.noExecute}`);
    // As text: half a million leaves in one comparison.
    t.true(met.join() === promisedLeaves(golden.regions).join(), 'mapped: all promised, no more');
    t.deepEqual(
      walk.tables.sort((a, b) => a - b),
      Array.from({ length: golden.tableBytes / PAGE }, (_, index) => golden.ptBaseGpa + index * PAGE),
    );
    for (const { low, high, userBelow } of walk.uppers) {
      if (low !== (userBelow ? 0x27 : 0x23) || high > 0xf) t.fail(`upper entry ${hex(low)}, ${hex(high)}`);
    }
    t.is(createHash('sha256').update(tables).digest('hex'), golden.tables);

    const peb = new DataView(snapshot.read(layout.peb.gpa, PAGE).buffer);
    t.deepEqual(
      golden.peb.map((_, index) => peb.getBigUint64(index * 8, true)),
      golden.peb,
    );
    t.true(snapshot.read(layout.peb.gpa + 64, PAGE - 64).every((byte) => byte === 0));

    // Table reads on the built image: the first leaf of each region, found through the snapshot itself.
    for (const { gva, gpa, flags, user } of layout.regions) {
      t.deepEqual(snapshot.translate(gva + 0x123n), { gpa: gpa + 0x123, flags, user });
    }
    snapshot.close();
  });
}

test('spot entries of the seed tables, written out', async (t) => {
  const snapshot = await buildTest({ elf: SUPERVISOR_EXEC, privilege: 'supervisor', initData: filled(5) });
  const root = BigInt(snapshot.layout.ptBaseGpa);
  t.is(root, 0xf_fffc_0000n);
  // KHB: slot 511, then 510, then 0; scratch shares the first table only.
  t.is(snapshot.readEntry(root + 511n * 8n), root + 0x1023n);
  t.is(snapshot.readEntry(root + 0x1000n + 510n * 8n), root + 0x2023n);
  t.is(snapshot.readEntry(root + 0x2000n), root + 0x3023n);
  t.is(snapshot.readEntry(root + 0x3000n), 0x1063n);
  t.is(snapshot.readEntry(root + 0x3000n + 6n * 8n), 0x8000_0000_0000_7061n);
  t.is(snapshot.readEntry(root + 0x3000n + 7n * 8n), 0x8000_0000_0000_8063n);
  t.is(snapshot.readEntry(root + 0x3000n + 39n * 8n), 0x8000_0000_0002_8061n);
  t.is(snapshot.readEntry(root + 0x1000n + 511n * 8n), root + 0x4023n);
  t.is(snapshot.readEntry(root + 0x4000n + 511n * 8n), root + 0x5023n);
  t.is(snapshot.readEntry(root + 0x5000n + 510n * 8n), 0x8000_000f_ffff_f063n);
  t.is(snapshot.readEntry(root + 0x5000n + 511n * 8n), 0n);
});

test('the contents of a user image stand where the regions say', async (t) => {
  const initData = filled(0x1234, 8);
  const snapshot = await buildTest({ elf: DYN, initData: { data: initData, permissions: 'rw' } });
  const at = (gva: bigint, length: number): Uint8Array => {
    const found = snapshot.translate(gva);
    return found === undefined ? new Uint8Array() : snapshot.read(found.gpa, length);
  };
  const base = 0x5000_0000_0000n;
  t.deepEqual(at(base, 0x2000), Uint8Array.from([...filled(0x1800, 1), ...new Uint8Array(0x800)]));
  t.deepEqual(at(base + 0x2000n, 0x10), filled(0x10, 2));
  t.deepEqual(at(base + 0x4000n, 0x10), new Uint8Array(0x10));
  t.deepEqual(at(base + 0x4010n, 0x20), filled(0x20, 3));
  t.deepEqual(at(base + 0x4030n, 0x1000), new Uint8Array(0x1000));
  t.deepEqual(at(0x5803_0000_0000n, 0x1234), initData);
  t.is(snapshot.translate(base + 0x3000n), undefined);
  t.is(snapshot.translate(0x5fff_ffff_0000n), undefined);
  t.is(snapshot.translate(0x5fff_ffff_0000n - 0x4_0000n - 1n), undefined, 'guard page');

  const monitor = Buffer.from(TEST_MONITOR);
  monitor.writeBigUInt64LE(base + 0x10n, 0x2100);
  monitor.writeBigUInt64LE(0x1000n, 0x2108);
  t.deepEqual(at(KHB, 0x3000), new Uint8Array(monitor));
});

for (const [privilege, elf, expected] of [
  ['user', USER_EXEC, { rsp: 0x5fff_fffe_fff8n, rdi: 0x5800_0000_0000n, rflags: 0x202n }],
  ['supervisor', SUPERVISOR_EXEC, { rsp: 0xffff_ffff_ffff_efc8n, rdi: KHB + 0x6000n, rflags: 2n }],
] as const satisfies readonly (readonly [Privilege, Uint8Array, object])[]) {
  test(`descriptor and registers at Initialise: ${privilege}`, async (t) => {
    const first = await buildTest({ elf, privilege }, { logLevel: 5 });
    const second = await buildTest({ elf, privilege }, { logLevel: 5 });
    const common = { rsi: 0x736e_6170_766d_0001n, rdx: 0x1000n, rcx: 5n, fsBase: 0n, gsBase: 0n };
    t.deepEqual(first.descriptor.registers, { ...expected, ...common });
    t.deepEqual(first.entry, {
      kind: 'initialise',
      address: privilege === 'user' ? 0x40_0010n : KHB + 0x10n,
    });
    t.true(second.id > first.id);
    t.true(first.equals(second));
    t.deepEqual(structuredClone(first.descriptor), first.descriptor);
    t.true(Object.isFrozen(first.layout) && first.layout.regions.every(Object.isFrozen));
  });
}

test('a supervisor code region has every right, whatever the segments ask', async (t) => {
  const snapshot = await buildTest({ elf: DYN, privilege: 'supervisor' });
  t.deepEqual(snapshot.translate(KHB + 0x2000n), { gpa: 0x3000, flags: 7, user: false });
  t.is(snapshot.loadInfo.bias, KHB);
});
