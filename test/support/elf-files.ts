/** Real ELF files for tests: compiled here, taken from the guest build, and busybox where it is installed. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface RealElf {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly privilege: 'user' | 'supervisor';
  /** False for a Linux program, which relocates itself. */
  readonly relocate: boolean;
}

/** Has code, constants, data, zeros, and pointers that a static PIE must relocate. */
const SOURCE = `
static int counter[2000];
static int value = 7;
const char text[] = "constant";
const char *const table[] = { text, text + 1, text + 2 };
int *pointer = &value;
int helper(int n) { return counter[n % 2000]++ + *pointer + table[n % 3][0]; }
void _start(void) { for (;;) helper(value); }
`;

export function compileElfs(): { readonly exec: Uint8Array; readonly pie: Uint8Array } {
  const folder = mkdtempSync(join(tmpdir(), 'snapvm-elf-'));
  try {
    const source = join(folder, 'guest.c');
    writeFileSync(source, SOURCE);
    const compile = (...flags: string[]): Uint8Array => {
      const output = join(folder, 'guest');
      const common = ['-O1', '-nostdlib', '-ffreestanding', '-fno-stack-protector', '-z', 'noexecstack'];
      execFileSync('gcc', [...common, ...flags, '-o', output, source], { stdio: ['ignore', 'pipe', 'pipe'] });
      return new Uint8Array(readFileSync(output));
    };
    return { exec: compile('-static', '-fno-pie', '-no-pie'), pie: compile('-static-pie', '-fpie') };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Everything there is to mutate; `note` is told why something is left out. */
export function realElfs(note: (reason: string) => void): RealElf[] {
  const { exec, pie } = compileElfs();
  const elfs: RealElf[] = [
    { name: 'compiled ET_EXEC', bytes: exec, privilege: 'user', relocate: true },
    { name: 'compiled static PIE', bytes: pie, privilege: 'user', relocate: true },
    { name: 'compiled static PIE as supervisor', bytes: pie, privilege: 'supervisor', relocate: true },
  ];
  const examples = fileURLToPath(new URL('../../guest/examples', import.meta.url));
  if (existsSync(examples)) {
    for (const name of readdirSync(examples)) {
      const bytes = new Uint8Array(readFileSync(join(examples, name)));
      if (Buffer.from(bytes.subarray(0, 4)).toString('latin1') === '\x7fELF') {
        const privilege = name.includes('.supervisor.') ? 'supervisor' : 'user';
        elfs.push({ name: `example ${name}`, bytes, privilege, relocate: true });
      }
    }
  } else {
    note(`no guest examples: ${examples} does not exist; run "npm run build:guests"`);
  }
  const busybox = ['/bin/busybox', '/usr/bin/busybox'].find(existsSync);
  if (busybox === undefined) note('no busybox: it is not installed');
  else
    elfs.push({
      name: 'busybox',
      bytes: new Uint8Array(readFileSync(busybox)),
      privilege: 'user',
      relocate: false,
    });
  return elfs;
}

/** Where the header, program and section headers, dynamic section, notes and relocations stand: [offset, length]. */
export function elfTables(bytes: Uint8Array): (readonly [offset: number, length: number])[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const count = view.getUint16(56, true);
  const offset = Number(view.getBigUint64(32, true));
  const tables: (readonly [number, number])[] = [
    [0, 64],
    [offset, count * 56],
  ];
  const loads: { vaddr: number; offset: number; bytes: number }[] = [];
  const dynamic = new Map<number, number>();
  for (let at = offset; at < offset + count * 56; at += 56) {
    const header = {
      offset: Number(view.getBigUint64(at + 8, true)),
      vaddr: Number(view.getBigUint64(at + 16, true)),
      bytes: Number(view.getBigUint64(at + 32, true)),
    };
    const type = view.getUint32(at, true);
    if (type === 1) loads.push(header);
    if (type === 2 || type === 4) tables.push([header.offset, header.bytes]);
    if (type !== 2) continue;
    for (let row = header.offset; row < header.offset + header.bytes; row += 16) {
      dynamic.set(Number(view.getBigUint64(row, true)), Number(view.getBigUint64(row + 8, true)));
    }
  }
  tables.push([Number(view.getBigUint64(40, true)), view.getUint16(60, true) * 64]);
  const rela = dynamic.get(7);
  const home = loads.find(
    ({ vaddr, bytes: length }) => rela !== undefined && rela >= vaddr && rela < vaddr + length,
  );
  if (rela !== undefined && home !== undefined) {
    tables.push([home.offset + rela - home.vaddr, dynamic.get(8) ?? 0]);
  }
  return tables.filter(([, length]) => length > 0);
}
