import test from 'ava';
import { type ErrorCode, SnapvmError } from '../../src/base/errors.js';
import type { Privilege } from '../../src/wire/descriptor.js';
import { filled, makeElf, PF, PHDR, patched, rela } from '../support/elf-builder.js';
import { CODE, exec, MAX, pie, TABLE, withPhdr } from '../support/elf-samples.js';
import { buildTest, KHB, SUPERVISOR_EXEC, USER_EXEC } from '../support/snapshot-build.js';

function oneRela(offset: bigint, type: bigint): Uint8Array {
  return pie(rela([{ offset, type, addend: 0x18n }]), [
    [7n, 0x2000n],
    [8n, 24n],
    [9n, 24n],
  ]);
}

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
