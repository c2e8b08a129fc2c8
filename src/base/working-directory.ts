/** Makes relative paths absolute, also where the working directory may have been removed. */
import { isAbsolute, resolve } from 'node:path';
import { messageOf } from './realms.js';

/**
 * The absolute path of the working directory; `undefined` if it was removed or cannot be reached any more.
 */
export function workingDirectory(): string | undefined {
  try {
    return process.cwd();
  } catch {
    return undefined;
  }
}

/** The path, made absolute. @throws Error when it is relative and there is no working directory */
export function absolutePath(path: string): string {
  if (isAbsolute(path)) return resolve(path);
  try {
    return resolve(path);
  } catch (cause) {
    const why = 'its path is relative, and the working directory was removed or is out of reach';
    throw new Error(`${why} (${messageOf(cause)}); give an absolute path`, { cause });
  }
}
