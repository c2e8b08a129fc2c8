/** Guests compiled in a test, by the commands that snapvm.h documents. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** dist/guest: what the package ships for guest authors. */
const GUEST_FOLDER = fileURLToPath(new URL('../../guest', import.meta.url));

/** The commands in the head comment of snapvm.h, on one line each: for ring 3, for ring 0, with a C library. */
export function documentedCommands(): {
  readonly user: string;
  readonly supervisor: string;
  readonly linux: string;
} {
  const header = readFileSync(join(GUEST_FOLDER, 'include/snapvm.h'), 'utf8');
  const commands = [...header.matchAll(/^ \* {3}(cc (?:.|\n)*?\.elf)$/gm)].map(([, command = '']) =>
    command.replace(/\\\n \*\s*/g, ''),
  );
  const [user, supervisor, linux] = commands;
  if (user === undefined || supervisor === undefined || linux === undefined || commands.length !== 3) {
    throw new Error('snapvm.h documents other than three commands');
  }
  return { user, supervisor, linux };
}

export function isInstalled(compiler: string): boolean {
  return spawnSync(compiler, ['--version']).status === 0;
}

/** Runs a documented command on `source` as hello.c, and gives the ELF. */
export function compile(command: string, compiler: string, source: string): Uint8Array {
  const folder = mkdtempSync(join(tmpdir(), 'snapvm-guest-'));
  try {
    writeFileSync(join(folder, 'hello.c'), source);
    symlinkSync(GUEST_FOLDER, join(folder, 'guest'));
    const output = / -o (\S+)$/.exec(command)?.[1] ?? '';
    const run = spawnSync('sh', ['-euc', command.replace(/^cc /, `${compiler} `)], {
      cwd: folder,
      encoding: 'utf8',
    });
    if (run.status !== 0) throw new Error(`${command} failed:\n${run.stderr}`);
    return new Uint8Array(readFileSync(join(folder, output)));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
