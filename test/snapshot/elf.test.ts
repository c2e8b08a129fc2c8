import test from 'ava';
import { filled, makeElf, PF, PHDR, patched, rela, type SegmentSpec } from '../support/elf-builder.js';
import { compileElfs } from '../support/elf-files.js';
import { CODE, exec, MAX, pie, TABLE, withPhdr } from '../support/elf-samples.js';
import { buildTest, KHB, SUPERVISOR_EXEC, USER_EXEC } from '../support/snapshot-build.js';

test('relocations apply against the address the guest runs at', async (t) => {
  const elf = pie(
    rela([
      { offset: 0x3000n, type: 8n, addend: 0x18n },
      { offset: 0x3003n, type: 0n, addend: 0x77n },
      { offset: 0x31f8n, type: 8n, addend: -0x10n },
    ]),
    [
      [7n, 0x2000n],
      [8n, 72n],
    ],
  );
  for (const [privilege, base] of [
    ['user', 0x5000_0000_0000n],
    ['supervisor', KHB],
  ] as const) {
    const snapshot = await buildTest({ elf, privilege });
    const data = snapshot.translate(base + 0x3000n)?.gpa ?? 0;
    const view = new DataView(snapshot.read(data, 0x200).buffer);
    t.is(view.getBigUint64(0, true), base + 0x18n);
    t.is(view.getBigUint64(0x1f8, true), base - 0x10n);
    t.deepEqual(snapshot.read(data + 8, 0xf8), filled(0x100).slice(8));
    const linux = await buildTest({ elf, privilege }, {}, { relocate: false });
    t.deepEqual(linux.read(data, 0x100), filled(0x100));
  }
});

test('DT_JMPREL is applied as DT_RELA is', async (t) => {
  const elf = pie(TABLE, [
    [23n, 0x2000n],
    [2n, 24n],
    [20n, 7n],
  ]);
  const snapshot = await buildTest({ elf });
  const { gpa = 0 } = snapshot.translate(0x5000_0000_3000n) ?? {};
  t.is(new DataView(snapshot.read(gpa, 8).buffer).getBigUint64(0, true), 0x5000_0000_0018n);
});

test('a relocation table may be rewritten by itself without changing what follows', async (t) => {
  const rows = rela([
    { offset: 0x3018n, type: 8n, addend: 1n },
    { offset: 0x3028n, type: 8n, addend: 2n },
  ]);
  const elf = makeElf({
    type: 3,
    entry: 0n,
    segments: [
      { vaddr: 0n, flags: PF.rx, data: filled(8) },
      { vaddr: 0x3000n, flags: PF.rw, data: rows },
    ],
    dynamic: [
      [7n, 0x3000n],
      [8n, 48n],
    ],
  });
  const snapshot = await buildTest({ elf });
  const { gpa = 0 } = snapshot.translate(0x5000_0000_3000n) ?? {};
  const view = new DataView(snapshot.read(gpa, 0x30).buffer);
  t.is(view.getBigUint64(0x18, true), 0x5000_0000_0001n);
  t.is(view.getBigUint64(0x28, true), 0x5000_0000_0002n);
});

test('a user ET_EXEC may use its address range to both ends', async (t) => {
  const low = { ...CODE, vaddr: 0x1_0000n };
  const high: SegmentSpec = { vaddr: 0x3fff_ffff_ffffn, flags: PF.r, data: filled(1) };
  const snapshot = await buildTest({ elf: exec([low, high], { entry: 0x1_0000n }) });
  t.is(snapshot.entry.address, 0x1_0000n);
  t.is(snapshot.translate(0x3fff_ffff_ffffn)?.flags, 1);
});

test('what must not matter does not: p_align, empty segments, a .bss with an offset past the end', async (t) => {
  const plain = await buildTest({ elf: USER_EXEC });
  t.true(plain.equals(await buildTest({ elf: withPhdr(1, 'align', MAX) })));
  const bss = { vaddr: 0x50_0000n, flags: PF.rw, memsz: 0x10n };
  const empty = { vaddr: 0n, flags: PF.rwx };
  const elf = exec([CODE, empty, bss]);
  const snapshot = await buildTest({ elf: patched(elf, PHDR.at(2) + PHDR.offset, 8, 0x99_0000n) });
  t.is(snapshot.loadInfo.segments.length, 2);
  t.is(snapshot.translate(0x50_0000n)?.flags, 3);
});

test('segments of equal rights may share a page; a supervisor guest has one region anyway', async (t) => {
  const equal = exec([
    { vaddr: 0x40_0000n, flags: PF.rx, data: filled(0x100) },
    { vaddr: 0x40_0100n, flags: PF.x, data: filled(0x100, 2) },
  ]);
  const snapshot = await buildTest({ elf: equal });
  const { gpa = 0 } = snapshot.translate(0x40_0000n) ?? {};
  t.deepEqual(snapshot.read(gpa, 0x200), Uint8Array.from([...filled(0x100), ...filled(0x100, 2)]));
  const mixed = patched(SUPERVISOR_EXEC, PHDR.at(1) + PHDR.vaddr, 8, KHB + 0x1800n);
  t.is((await buildTest({ elf: mixed, privilege: 'supervisor' })).translate(KHB + 0x1800n)?.flags, 7);
});

test('the SDK note tells the guest ABI, and a malformed one tells nothing', async (t) => {
  const note = (nameBytes: number, descBytes: number) =>
    new Uint8Array(
      Buffer.concat(
        [new Uint32Array([nameBytes, descBytes, 1]), Buffer.from('snapvm\0\0'), new Uint32Array([42])].map(
          (part) => Buffer.from(part.buffer, part.byteOffset, part.byteLength),
        ),
      ),
    );
  t.is((await buildTest({ elf: exec([CODE], { note: note(7, 4) }) })).loadInfo.guestVersion, 42);
  for (const bad of [
    note(7, 0xffff_ffff),
    note(0xffff_ffff, 4),
    note(0, 0),
    note(7, 0),
    new Uint8Array(11),
  ]) {
    t.is((await buildTest({ elf: exec([CODE], { note: bad }) })).loadInfo.guestVersion, undefined);
  }
  t.is((await buildTest({ elf: USER_EXEC })).loadInfo.guestVersion, undefined);
});

test('addresses are named after the functions they lie in', async (t) => {
  const symbols = [
    { name: 'second', value: 0x40n, size: 0x20n },
    { name: 'assembly', value: 0x80n, size: 0n },
    { name: 'first', value: 0x10n, size: 0x10n },
    { name: 'next', value: 0x90n, size: 4n },
  ];
  const elf = makeElf({ type: 3, entry: 0x10n, segments: [{ ...CODE, vaddr: 0n }], symbols });
  const snapshot = await buildTest({ elf });
  const base = 0x5000_0000_0000n;
  t.is(snapshot.symbolize(base + 0x10n), 'first+0x0');
  t.is(snapshot.symbolize(base + 0x1fn), 'first+0xf');
  t.is(snapshot.symbolize(base + 0x20n), undefined);
  t.is(snapshot.symbolize(base + 0x52n), 'second+0x12');
  t.is(snapshot.symbolize(base + 0x8fn), 'assembly+0xf');
  t.is(snapshot.symbolize(base + 0x93n), 'next+0x3');
  t.is(snapshot.symbolize(base + 0x94n), undefined);
  t.is(snapshot.symbolize(0n), undefined);
  t.is(snapshot.symbolize(MAX), undefined);
  const stripped = patched(elf, 40, 8, MAX);
  t.is((await buildTest({ elf: stripped })).symbolize(base + 0x10n), undefined);
  t.true(snapshot.equals(await buildTest({ elf: stripped })), 'symbols are not hashed');
});

test('what gcc makes builds, is relocated and symbolized', async (t) => {
  const elfs = compileElfs();
  const plain = await buildTest({ elf: elfs.exec });
  t.regex(plain.symbolize(plain.entry.address + 1n) ?? '', /^_start\+0x1$/);
  t.is(plain.loadInfo.kind, 'exec');
  const moved = await buildTest({ elf: elfs.pie });
  t.is(moved.symbolize(moved.entry.address), '_start+0x0');
  t.is(moved.loadInfo.bias, 0x5000_0000_0000n);
  t.not(moved.hash, (await buildTest({ elf: elfs.pie }, {}, { relocate: false })).hash);
  t.is(moved.loadInfo.programHeaders?.address, 0x5000_0000_0040n);
});
