/**
 * What a Linux program leaves when it ends, as bytes; a guest with a C library for Linux ends as one does,
 * too. native/linux/process.cc is the other side.
 */

import { constants } from 'node:os';
import { SnapvmError } from '../base/errors.js';
import { syscallName } from './syscall-names.js';

/** How a Linux program ended, and what it wrote. */
export interface LinuxResult {
  /** Its exit code; 128 + n when signal n ended it, as shells count. */
  readonly exitCode: number;
  /** The signal that ended it (`SIGABRT`), if one did. */
  readonly signal?: string;
  /** What it wrote to its standard output. */
  readonly stdout: Uint8Array;
  /** What it wrote to its standard error. */
  readonly stderr: Uint8Array;
  /** System calls it made that there are not, and that were answered ENOSYS. */
  readonly unhandledSyscalls: readonly string[];
  /** What a guest cannot do and this program tried, in a sentence. */
  readonly hint?: string;
}

const HEAD_BYTES = 32;
// Some have a second name, behind the usual one: SIGABRT is SIGIOT too.
const SIGNAL_NAMES = new Map(
  Object.entries(constants.signals)
    .reverse()
    .map(([name, number]) => [number, name]),
);
const STARTS_A_PROCESS = ['fork', 'vfork', 'clone', 'clone3', 'execve', 'execveat'];
const USES_THE_NETWORK = ['socket', 'connect', 'bind', 'socketpair'];

/** Reads the result of a program that ended. @throws SnapvmError SNAPVM_INTERNAL */
export function decodeResult(bytes: Uint8Array): LinuxResult {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const sizes = bytes.length < HEAD_BYTES ? undefined : readHead(view);
  if (sizes === undefined || HEAD_BYTES + sizes.calls * 4 + sizes.output + sizes.errors !== bytes.length)
    throw new SnapvmError('SNAPVM_INTERNAL', `the result of a Linux program has ${bytes.length} bytes`);
  const outputAt = HEAD_BYTES + sizes.calls * 4;
  const errorsAt = outputAt + sizes.output;
  const unhandledSyscalls = Array.from({ length: sizes.calls }, (_, i) =>
    syscallName(view.getUint32(HEAD_BYTES + i * 4, true)),
  );
  const signal = sizes.signal === 0 ? undefined : (SIGNAL_NAMES.get(sizes.signal) ?? `SIG${sizes.signal}`);
  const hint = hintFor(unhandledSyscalls);
  return {
    exitCode: view.getInt32(0, true),
    ...(signal !== undefined && { signal }),
    stdout: bytes.subarray(outputAt, errorsAt),
    stderr: bytes.subarray(errorsAt),
    unhandledSyscalls,
    ...(hint !== undefined && { hint }),
  };
}

function readHead(view: DataView): { signal: number; calls: number; output: number; errors: number } {
  return {
    signal: view.getUint32(4, true),
    calls: view.getUint32(8, true),
    output: Number(view.getBigUint64(16, true)),
    errors: Number(view.getBigUint64(24, true)),
  };
}

function hintFor(calls: readonly string[]): string | undefined {
  const process = calls.find((name) => STARTS_A_PROCESS.includes(name));
  if (process !== undefined)
    return `the program tried to start a process or a thread (${process}); a guest has one of each: in a shell, a pipeline, $(...) and every command that is not a builtin need another`;
  const network = calls.find((name) => USES_THE_NETWORK.includes(name));
  if (network !== undefined) return `the program tried to use the network (${network}); a guest has none`;
  return undefined;
}
