/** Linux programs: how one becomes a guest. */

import { wrongKind } from '../../base/checks.js';
import { isBytes } from '../../base/realms.js';
import { readGuestFile } from '../../snapshot/guest-file.js';
import type { Codec, Guest } from '../guest.js';
import { inputBytes } from '../input.js';
import { decodeResult, encodeInput } from './codec.js';
import { type ArchiveFile, packFiles } from './file-archive.js';
import { readHostFiles } from './host-files.js';
import { type CheckedLinuxSource, checkArgs, checkLinuxSource, type LinuxSource } from './source.js';

/** What a policy says about running a program. */
export interface ProgramPolicy {
  /** Bytes of input, arguments included, and of output that a call may have. */
  readonly inputBytes: number;
  readonly outputBytes: number;
  readonly heapBytes?: number | undefined;
  readonly stackBytes?: number | undefined;
  /** Where its clock stands; absent for the real one. */
  readonly clockNs?: bigint | undefined;
  /** Calls begin where it first read its standard input. */
  readonly frozen: boolean;
}

const EXECUTABLE = 0o755;
const READABLE = 0o644;

/** @throws SnapvmError `SNAPVM_CONFIG_*`, `SNAPVM_ELF_FILE`, `SNAPVM_LINUX_FILES` */
export async function prepareLinux(given: LinuxSource, policy: ProgramPolicy): Promise<Guest> {
  const source = checkLinuxSource(given);
  const elf = isBytes(source.elf) ? new Uint8Array(source.elf) : (await readGuestFile(source.elf)).bytes;
  const { args, env, path, cwd } = source;
  const { heapBytes, stackBytes, inputBytes: input, outputBytes, clockNs } = policy;
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
    codec: programCodec(policy.frozen),
  };
}

async function readFiles({ files, path, cwd }: CheckedLinuxSource, elf: Uint8Array): Promise<ArchiveFile[]> {
  const all: ArchiveFile[] = [];
  for (const [at, content] of files) {
    if (isBytes(content)) all.push({ kind: 'file', path: at, mode: READABLE, content });
    else await readHostFiles(at, content, all);
  }
  if (!all.some((file) => file.path === path))
    all.push({ kind: 'file', path, mode: EXECUTABLE, content: elf });
  // A working directory that no file is in exists all the same.
  const known = cwd === '/' || cwd === '/tmp' || all.some((file) => `${file.path}/`.startsWith(`${cwd}/`));
  if (!known) all.push({ kind: 'directory', path: cwd, mode: EXECUTABLE });
  return all;
}

function programCodec(frozen: boolean): Codec {
  return {
    callOptions: ['args'],
    encode: (input, { args }) => {
      if (args !== undefined && frozen)
        throw wrongKind(
          'args',
          args,
          "left out: with warm: 'stdin' the program has read its arguments already",
        );
      const checked = args === undefined ? undefined : checkArgs(args);
      return encodeInput(inputBytes('stdin', input), checked);
    },
    decode: decodeResult,
    decodeHostCall: (payload) => ({ input: payload, args: [] }),
    encodeHostAnswer: () => new Uint8Array(0),
  };
}
