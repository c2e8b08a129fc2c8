/** Who may put other files into a store's place: its folders, and those above them, as ssh's StrictModes looks at them. */
import { lstat } from 'node:fs/promises';
import { dirname, join } from 'node:path';

const OTHERS_MAY_WRITE = 0o022;
const STICKY = 0o1000;
const PERMISSIONS = 0o7777;

/** A folder that somebody else could change. */
export interface Foreign {
  readonly folder: string;
  readonly owner: number;
  /** Its permissions, in octal. */
  readonly mode: string;
  /** What is wrong with it, and what to do. */
  readonly why: string;
}

/**
 * The first folder that belongs to another user than root or this one, or that others may write to: the store's, one
 * of `names` in it if it is there, or one above. In one above with the sticky bit, such as /tmp, others cannot replace
 * what is this user's.
 * @param path Without links. @throws what the file system throws
 */
export async function findForeign(path: string, names: readonly string[]): Promise<Foreign | undefined> {
  for (const folder of [path, ...names.map((name) => join(path, name))]) {
    const found = await lookAt(folder, 0);
    if (found !== undefined) return found;
  }
  for (let folder = path; folder !== dirname(folder); ) {
    folder = dirname(folder);
    const found = await lookAt(folder, STICKY);
    if (found !== undefined) return found;
  }
  return undefined;
}

async function lookAt(folder: string, excuse: number): Promise<Foreign | undefined> {
  const status = await lstat(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (status === undefined) return undefined;
  const own = process.geteuid?.() ?? 0;
  const owner = status.uid;
  const mode = (status.mode & PERMISSIONS).toString(8).padStart(4, '0');
  const what = `${folder} belongs to user ${owner} and has mode ${mode}`;
  if (owner !== 0 && owner !== own) {
    const why = `${what}; that user could replace what is in it (chown it to ${own}, or give another directory)`;
    return { folder, owner, mode, why };
  }
  if ((status.mode & OTHERS_MAY_WRITE) === 0 || (status.mode & excuse) !== 0) return undefined;
  const why = `${what}; other users may write to it (chmod go-w, or give another directory)`;
  return { folder, owner, mode, why };
}
