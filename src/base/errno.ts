/** What the errors of system calls mean, in words. */

import { SnapvmError } from './errors.js';

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'it does not exist',
  ENOTDIR: 'a part of its path is not a directory',
  EISDIR: 'it is a directory',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  ENOSPC: 'no space left on the device',
  ELOOP: 'too many symbolic links',
  ENAMETOOLONG: 'the path is too long',
  ENXIO: 'it is a socket or a device without a driver',
};

export interface SystemError {
  readonly code: string;
  readonly reason: string;
}

/** The code of a failed system call and what it means; `EIO` for an error without a code. */
export function systemError(error: unknown): SystemError {
  const { code, message } = error as NodeJS.ErrnoException;
  return { code: code ?? 'EIO', reason: REASONS[code ?? ''] ?? message };
}

const SHORT: Readonly<Record<string, string>> = {
  EAGAIN:
    'there is no room for another process or thread; raise their limit (pids limit of the control group, ulimit -u)',
  EMFILE: 'this process has too many files open; raise the limit (ulimit -n)',
  ENFILE: 'the whole system has too many files open (sysctl fs.file-max)',
  ENOMEM: 'there is no memory left; free some, or raise its limit (control group, ulimit -v)',
};

/** What the machine has run out of, and what to do about it; `undefined` for any other errno. */
export function outOf(code: string): string | undefined {
  return SHORT[code];
}

/**
 * The error for something that failed because the machine has run out of a thing, which is no fault of what was
 * asked for; `undefined` for any other failure.
 * @param failed The sentence's beginning: `the file "x" cannot be read`.
 */
export function shortage(cause: unknown, failed: string): SnapvmError | undefined {
  const { code } = Object(cause) as NodeJS.ErrnoException;
  const advice = code === undefined ? undefined : outOf(code);
  if (advice === undefined) return undefined;
  return new SnapvmError('SNAPVM_HOST_MEMORY', `${failed}: ${advice}`, {}, { cause });
}
