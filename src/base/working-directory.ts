/** Paths that are relative, where the working directory may have been removed. */
import { isAbsolute, resolve } from 'node:path';
import { messageOf } from './realms.js';

/** Absolute; `undefined` when the system names none: it was removed, or is not within reach any more. */
export function workingDirectory(): string | undefined {
  try {
    return process.cwd();
  } catch {
    return undefined;
  }
}

/** @throws Error when there is nothing that the path is relative to */
export function absolutePath(path: string): string {
  if (isAbsolute(path)) return resolve(path);
  try {
    return resolve(path);
  } catch (cause) {
    const why = 'its path is relative, and the working directory was removed or is out of reach';
    throw new Error(`${why} (${messageOf(cause)}); give an absolute path`, { cause });
  }
}
