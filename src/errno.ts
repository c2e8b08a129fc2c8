/** System errors in words. */

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

/** What a failed system call means; `EIO` for what carries no code. */
export function systemError(error: unknown): SystemError {
  const { code, message } = error as NodeJS.ErrnoException;
  return { code: code ?? 'EIO', reason: REASONS[code ?? ''] ?? message };
}
