import test from 'ava';
import { type ErrorCode, SnapvmError } from '../src/errors.js';
import type { Privilege } from '../src/snapshot/descriptor.js';
import {
  type ElfSpec,
  filled,
  makeElf,
  PF,
  PHDR,
  patched,
  rela,
  type SegmentSpec,
} from './support/elf-builder.js';
import { compileElfs } from './support/elf-files.js';
import { buildTest, KHB, SUPERVISOR_EXEC, USER_EXEC } from './support/snapshot-build.js';

const CODE: SegmentSpec = { vaddr: 0x40_0000n, flags: PF.rx, data: filled(0x100) };
const MAX = 2n ** 64n - 1n;

function exec(segments: readonly SegmentSpec[], rest: Partial<ElfSpec> = {}): Uint8Array {
  return makeElf({ type: 2, entry: 0x40_0010n, segments, ...rest });
}

function withPhdr(index: number, field: Exclude<keyof typeof PHDR, 'at'>, value: bigint): Uint8Array {
  const width = field === 'type' || field === 'flags' ? 4 : 8;
  return patched(USER_EXEC, PHDR.at(index) + PHDR[field], width, value);
}

/** A static PIE: code, then data holding its relocation table at 0x2000 and 0x100 bytes of targets at 0x3000. */
function pie(table: Uint8Array, dynamic: readonly (readonly [bigint, bigint])[]): Uint8Array {
  return makeElf({
    type: 3,
    entry: 0x10n,
    segments: [
      { vaddr: 0n, flags: PF.rx, data: filled(0x100) },
      { vaddr: 0x2000n, flags: PF.r, data: table },
      { vaddr: 0x3000n, flags: PF.rw, data: filled(0x100), memsz: 0x200n },
    ],
    dynamic,
  });
}

function oneRela(offset: bigint, type: bigint): Uint8Array {
  return pie(rela([{ offset, type, addend: 0x18n }]), [
    [7n, 0x2000n],
    [8n, 24n],
    [9n, 24n],
  ]);
}

const TABLE = rela([{ offset: 0x3000n, type: 8n, addend: 0x18n }]);

type Case = readonly [what: string, elf: Uint8Array, code: ErrorCode, message: RegExp, privilege?: Privilege];

const CASES: readonly Case[] = [
  ['an empty file', new Uint8Array(), 'SNAPVM_ELF_MAGIC', /0 bytes/],
  ['a script', Buffer.from('#!/bin/sh\nexit 0\n'), 'SNAPVM_ELF_MAGIC', /starts with "23212f62"/],
  ['a header cut off', USER_EXEC.slice(0, 63), 'SNAPVM_ELF_TRUNCATED', /has 63 bytes.*needs 64/],
  ['a 32-bit ELF', patched(USER_EXEC, 4, 1, 1n), 'SNAPVM_ELF_CLASS', /EI_CLASS is 1 \(32-bit\)/],
  ['a class that does not exist', patched(USER_EXEC, 4, 1, 9n), 'SNAPVM_ELF_CLASS', /EI_CLASS is 9/],
  ['a big-endian ELF', patched(USER_EXEC, 5, 1, 2n), 'SNAPVM_ELF_ENDIAN', /EI_DATA is 2 \(big-endian\)/],
  ['another machine', patched(USER_EXEC, 18, 2, 183n), 'SNAPVM_ELF_MACHINE', /e_machine is 183 \(AArch64\)/],
  ['an object file', patched(USER_EXEC, 16, 2, 1n), 'SNAPVM_ELF_TYPE', /e_type is 1 \(ET_REL/],
  ['a core dump', patched(USER_EXEC, 16, 2, 4n), 'SNAPVM_ELF_TYPE', /e_type is 4 \(ET_CORE/],
  [
    'program headers past the end',
    patched(USER_EXEC, 32, 8, 0x10_0000n),
    'SNAPVM_ELF_TRUNCATED',
    /e_phoff 0x100000/,
  ],
  ['program headers at 2^64 - 1', patched(USER_EXEC, 32, 8, MAX), 'SNAPVM_ELF_TRUNCATED', /e_phoff 0xf{16}/],
  ['program headers cut off', USER_EXEC.slice(0, 100), 'SNAPVM_ELF_TRUNCATED', /e_phnum 3/],
  ['too many program headers', patched(USER_EXEC, 56, 2, 0xffffn), 'SNAPVM_ELF_SEGMENT', /e_phnum is 65535/],
  ['short program headers', patched(USER_EXEC, 54, 2, 32n), 'SNAPVM_ELF_SEGMENT', /e_phentsize is 32/],
  ['no program headers', patched(USER_EXEC, 56, 2, 0n), 'SNAPVM_ELF_NO_LOAD', /0 program headers/],
  ['only empty PT_LOADs', exec([{ vaddr: 0n, flags: PF.rx }]), 'SNAPVM_ELF_NO_LOAD', /1 program headers/],
  [
    'p_filesz > p_memsz',
    withPhdr(0, 'memsz', 0x17ffn),
    'SNAPVM_ELF_SEGMENT',
    /p_filesz .* 0x1800.*p_memsz 0x17ff/,
  ],
  ['p_filesz > p_memsz 0', withPhdr(0, 'memsz', 0n), 'SNAPVM_ELF_SEGMENT', /p_memsz 0x0/],
  ['p_offset past the end', withPhdr(0, 'offset', 0x99_0000n), 'SNAPVM_ELF_SEGMENT', /p_offset 0x990000/],
  ['p_offset at 2^64 - 1', withPhdr(0, 'offset', MAX), 'SNAPVM_ELF_SEGMENT', /p_offset 0xf{16}/],
  [
    'content cut off',
    USER_EXEC.slice(0, -1),
    'SNAPVM_ELF_SEGMENT',
    /program header 2 .*past the end of the file/,
  ],
  ['p_memsz that wraps', withPhdr(2, 'memsz', MAX), 'SNAPVM_ELF_SEGMENT', /p_memsz 0xf{16}.* wrap/],
  ['p_vaddr that wraps', withPhdr(2, 'vaddr', MAX - 5n), 'SNAPVM_ELF_SEGMENT', /p_vaddr 0xf{15}a.* wrap/],
  [
    'overlapping segments',
    withPhdr(1, 'vaddr', 0x40_17ffn),
    'SNAPVM_ELF_OVERLAP',
    /0x4017ff.*0x401800 of program header 0/,
  ],
  [
    'unordered segments',
    withPhdr(2, 'vaddr', 0x1_0000n),
    'SNAPVM_ELF_OVERLAP',
    /p_vaddr of program header 2 .* 0x10000/,
  ],
  [
    'rights that differ in one page',
    withPhdr(1, 'vaddr', 0x40_1800n),
    'SNAPVM_ELF_SHARED_PAGE',
    /0 \(r-x.* 1 \(r--, p_vaddr 0x401800\) share/,
  ],
  ['writable code', withPhdr(0, 'flags', 7n), 'SNAPVM_ELF_RIGHTS', /program header 0 are rwx/],
  [
    'an interpreter',
    exec([CODE], { interpreter: '/lib64/ld-linux-x86-64.so.2' }),
    'SNAPVM_ELF_DYNAMIC',
    /"\/lib64\/ld-linux-x86-64\.so\.2".*-static/,
  ],
  [
    'a shared library',
    exec([CODE, { vaddr: 0x40_1000n, flags: PF.r, data: Buffer.from('\0libm.so.6\0') }], {
      dynamic: [
        [1n, 1n],
        [5n, 0x40_1000n],
      ],
    }),
    'SNAPVM_ELF_DYNAMIC',
    /"libm\.so\.6"/,
  ],
  [
    'a shared library without a name',
    exec([CODE], { dynamic: [[1n, MAX]] }),
    'SNAPVM_ELF_DYNAMIC',
    /name unreadable/,
  ],
  [
    'an unsupported relocation',
    oneRela(0x3000n, 37n),
    'SNAPVM_ELF_RELOCATION',
    /type 37 \(R_X86_64_IRELATIVE\)/,
  ],
  [
    'an unknown relocation',
    oneRela(0x3000n, 999n),
    'SNAPVM_ELF_RELOCATION',
    /relocation 0 in DT_RELA has type 999/,
  ],
  ['a relocation between segments', oneRela(0x1000n, 8n), 'SNAPVM_ELF_RELOCATION', /r_offset .* 0x1000:/],
  ['a relocation past the image', oneRela(0x3200n, 8n), 'SNAPVM_ELF_RELOCATION', /r_offset .* 0x3200:/],
  [
    'a relocation that starts in the last bytes',
    oneRela(0x31f9n, 8n),
    'SNAPVM_ELF_RELOCATION',
    /0x31f9: its 8 bytes/,
  ],
  ['a relocation at 2^64 - 1', oneRela(MAX, 8n), 'SNAPVM_ELF_RELOCATION', /r_offset .* 0xf{16}/],
  [
    'a relocation table outside',
    pie(TABLE, [
      [7n, 0x9000n],
      [8n, 24n],
    ]),
    'SNAPVM_ELF_RELOCATION',
    /DT_RELA 0x9000/,
  ],
  [
    'a relocation table too long',
    pie(TABLE, [
      [7n, 0x2000n],
      [8n, 48n],
    ]),
    'SNAPVM_ELF_RELOCATION',
    /DT_RELASZ 0x30/,
  ],
  [
    'a relocation table of 2^64 - 16',
    pie(TABLE, [
      [7n, 0x2000n],
      [8n, MAX - 15n],
    ]),
    'SNAPVM_ELF_RELOCATION',
    /DT_RELASZ/,
  ],
  [
    'a relocation table in zeros',
    pie(TABLE, [
      [7n, 0x3180n],
      [8n, 24n],
    ]),
    'SNAPVM_ELF_RELOCATION',
    /DT_RELA 0x3180/,
  ],
  [
    'half a relocation',
    pie(TABLE, [
      [7n, 0x2000n],
      [8n, 12n],
    ]),
    'SNAPVM_ELF_RELOCATION',
    /not a multiple of 24/,
  ],
  [
    'relocations of another size',
    pie(TABLE, [
      [7n, 0x2000n],
      [8n, 24n],
      [9n, 16n],
    ]),
    'SNAPVM_ELF_RELOCATION',
    /DT_RELAENT is 16/,
  ],
  ['a relocation size alone', pie(TABLE, [[8n, 24n]]), 'SNAPVM_ELF_RELOCATION', /there is no DT_RELA/],
  [
    'DT_REL',
    pie(TABLE, [
      [17n, 0x2000n],
      [18n, 16n],
    ]),
    'SNAPVM_ELF_RELOCATION',
    /DT_REL /,
  ],
  [
    'DT_RELR',
    pie(TABLE, [
      [36n, 0x2000n],
      [35n, 8n],
    ]),
    'SNAPVM_ELF_RELOCATION',
    /DT_RELR .*nopack-relative-relocs/,
  ],
  [
    'a PLT of DT_REL',
    pie(TABLE, [
      [23n, 0x2000n],
      [2n, 24n],
      [20n, 17n],
    ]),
    'SNAPVM_ELF_RELOCATION',
    /DT_PLTREL is 17/,
  ],
  [
    'a dynamic section cut off',
    patched(pie(TABLE, []), PHDR.at(3) + PHDR.filesz, 8, 0x1_0000n),
    'SNAPVM_ELF_TRUNCATED',
    /PT_DYNAMIC/,
  ],
  [
    'two dynamic sections',
    patched(exec([CODE], { interpreter: 'x', dynamic: [] }), PHDR.at(1) + PHDR.type, 4, 2n),
    'SNAPVM_ELF_SEGMENT',
    /program headers 1 and 2 are both PT_DYNAMIC/,
  ],
  [
    'an endless dynamic section',
    patched(pie(TABLE, []), PHDR.at(3) + PHDR.filesz, 8, MAX),
    'SNAPVM_ELF_SEGMENT',
    /p_filesz of program header 3 \(PT_DYNAMIC\) is 0xf{16}/,
  ],
  [
    'an entry outside every segment',
    patched(USER_EXEC, 24, 8, 0x40_1800n),
    'SNAPVM_ELF_ENTRY',
    /e_entry is 0x401800, outside/,
  ],
  [
    'an entry in data',
    patched(USER_EXEC, 24, 8, 0x40_4010n),
    'SNAPVM_ELF_ENTRY',
    /0x404010, in program header 2, which is rw-/,
  ],
  ['an entry at 0', patched(USER_EXEC, 24, 8, 0n), 'SNAPVM_ELF_ENTRY', /e_entry is 0x0/],
  ['an entry at 2^64 - 1', patched(USER_EXEC, 24, 8, MAX), 'SNAPVM_ELF_ENTRY', /e_entry is 0xf{16}/],
  [
    'a supervisor entry in data',
    patched(SUPERVISOR_EXEC, 24, 8, KHB + 0x4010n),
    'SNAPVM_ELF_ENTRY',
    /which is rw-/,
    'supervisor',
  ],
  [
    'a supervisor ET_EXEC elsewhere',
    USER_EXEC,
    'SNAPVM_ELF_ADDRESS',
    /0x400000; a supervisor guest runs at 0xffffffff80000000/,
    'supervisor',
  ],
  [
    'a user ET_EXEC in the kernel half',
    SUPERVISOR_EXEC,
    'SNAPVM_ELF_ADDRESS',
    /0xffffffff80000000 to 0xffffffff80006000/,
  ],
  [
    'a user ET_EXEC below 0x10000',
    exec([{ ...CODE, vaddr: 0xf000n }], { entry: 0xf000n }),
    'SNAPVM_ELF_ADDRESS',
    /0xf000 to 0x10000/,
  ],
  [
    'a user ET_EXEC past its end',
    exec([CODE, { vaddr: 0x3fff_ffff_ffffn, flags: PF.r, data: filled(2) }]),
    'SNAPVM_ELF_ADDRESS',
    /to 0x400000001000/,
  ],
  [
    'a user ET_DYN that reaches the PEB',
    makeElf({
      type: 3,
      entry: 0n,
      segments: [
        { vaddr: 0n, flags: PF.rx, data: filled(1) },
        { vaddr: 0x800_0000_0000n, flags: PF.r, data: filled(1) },
      ],
    }),
    'SNAPVM_ELF_ADDRESS',
    /0x580000001000/,
  ],
  ['a segment over 2 GiB', withPhdr(2, 'memsz', 0x8000_0000n), 'SNAPVM_SNAPSHOT_TOO_LARGE', /p_memsz/],
  [
    'a segment of exactly 2 GiB',
    exec([{ ...CODE, memsz: 0x8000_0000n }]),
    'SNAPVM_SNAPSHOT_TOO_LARGE',
    /image would have 0x8006/,
  ],
  [
    'supervisor segments 2 GiB apart',
    makeElf({
      type: 3,
      entry: 0n,
      segments: [
        { vaddr: 0n, flags: PF.rx, data: filled(1) },
        { vaddr: 0x8000_0000n, flags: PF.r, data: filled(1) },
      ],
    }),
    'SNAPVM_SNAPSHOT_TOO_LARGE',
    /0x80001000/,
    'supervisor',
  ],
];

for (const [what, elf, code, message, privilege = 'user'] of CASES) {
  test(`refused: ${what}`, async (t) => {
    const error = await t.throwsAsync(buildTest({ elf, privilege }), { instanceOf: SnapvmError, message });
    t.is(error?.code, code);
  });
}

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
