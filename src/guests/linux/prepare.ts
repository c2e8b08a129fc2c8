/** How a Linux program and its files become a guest. */

import { isBytes } from '../../base/realms.js';
import { readGuestFile } from '../../snapshot/guest-file.js';
import type { PreparedGuest } from '../guest.js';
import { type ArchiveFile, bytePath, packFiles } from './file-archive.js';
import { readHostFiles } from './host-files.js';
import type { ProgramSettings } from './policy.js';
import { type CheckedLinuxSource, checkLinuxSource, type LinuxSource } from './source.js';

const EXECUTABLE = 0o755;
const READABLE = 0o644;

/**
 * Checks a source, and reads the program and its files.
 * @throws SnapvmError `SNAPVM_CONFIG_*`, `SNAPVM_ELF_FILE`, `SNAPVM_LINUX_FILES`
 */
export async function prepareProgram(given: LinuxSource, settings: ProgramSettings): Promise<PreparedGuest> {
  const source = checkLinuxSource(given);
  const elf = isBytes(source.elf) ? new Uint8Array(source.elf) : (await readGuestFile(source.elf)).bytes;
  const { args, env, path, cwd } = source;
  const { heapBytes, stackBytes, inputBytes: input, outputBytes, clockNs } = settings;
  return {
    environment: { elf },
    config: {
      ...(heapBytes !== undefined && { heapBytes }),
      ...(stackBytes !== undefined && { stackBytes }),
    },
    internals: {
      linux: {
        args,
        env,
        path,
        cwd,
        files: packFiles(await readFiles(source, elf)),
        sdk: false,
        inputBytes: input,
        outputBytes,
        ...(clockNs !== undefined && { clockNs }),
      },
    },
  };
}

async function readFiles(source: CheckedLinuxSource, elf: Uint8Array): Promise<ArchiveFile[]> {
  const all: ArchiveFile[] = [];
  for (const [at, content] of source.files) {
    if (isBytes(content)) all.push({ kind: 'file', path: bytePath(at), mode: READABLE, content });
    else await readHostFiles(at, content, all);
  }
  const [path, cwd] = [bytePath(source.path), bytePath(source.cwd)];
  if (!all.some((file) => file.path === path))
    all.push({ kind: 'file', path, mode: EXECUTABLE, content: elf });
  // A working directory that no file is in exists all the same.
  const known = cwd === '/' || cwd === '/tmp' || all.some((file) => `${file.path}/`.startsWith(`${cwd}/`));
  if (!known) all.push({ kind: 'directory', path: cwd, mode: EXECUTABLE });
  return all;
}
