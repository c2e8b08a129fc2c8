/**
 * The server's directory and its files: checked when opened, written aside and put in place, every failure
 * typed.
 */

import { lstat, readdir, realpath, rename, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { shortage, systemError } from '../base/errno.js';
import { SnapvmError } from '../base/errors.js';
import { messageOf } from '../base/realms.js';
import { absolutePath } from '../base/working-directory.js';
import * as files from '../store/files.js';
import { findForeign } from '../store/ownership.js';

/** The version of what is in the directory: one of another version is refused. */
const FORMAT_TEXT = 'snapvm server 1\n';
const FORMAT_FILE = 'format';
/** Folders in it whose files are the server's to remove and to move. */
const OWN_FOLDERS = ['functions', 'sources', 'calls'];
/** What a file system makes by itself. */
const FOREIGN_NAMES: ReadonlySet<string> = new Set(['lost+found']);

/**
 * Puts a file in place so that, whenever the machine stops, the old one is there or all of the new one; the
 * new one once this has resolved. Nobody but this user can read it.
 * @throws SnapvmError `SNAPVM_SERVER_DIRECTORY`, `SNAPVM_HOST_MEMORY`: nothing has changed
 */
export async function writeDurably(path: string, bytes: Uint8Array): Promise<void> {
  await typed(path, 'cannot be written', () =>
    files.writeDurably(dirname(path), basename(path), (handle) => files.writeFully(handle, bytes)),
  );
}

/**
 * Removes a file for good; one that is not there is as good as removed.
 * @throws SnapvmError `SNAPVM_SERVER_DIRECTORY`, `SNAPVM_HOST_MEMORY`
 */
export async function removeDurably(path: string): Promise<void> {
  await typed(path, 'cannot be removed', async () => {
    try {
      await unlink(path);
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
    await files.syncFolder(dirname(path));
  });
}

/**
 * Reads a file of at most so many bytes; `undefined` if there is none.
 * @throws SnapvmError `SNAPVM_STORE_FILE`, `SNAPVM_STORE_LENGTH`: it is longer, no ordinary file, another
 * user's, or not to be read; `SNAPVM_HOST_MEMORY`
 */
export async function readWhole(path: string, most: number): Promise<Uint8Array | undefined> {
  try {
    const file = await files.openStored(path);
    if (file === undefined) return undefined;
    try {
      if (file.size > most)
        throw new SnapvmError(
          'SNAPVM_STORE_LENGTH',
          `${path} has ${file.size} bytes; at most ${most} are read`,
          { path },
        );
      const bytes = new Uint8Array(file.size);
      await files.readFully(file, path, bytes, 0);
      return bytes;
    } finally {
      await file.handle.close();
    }
  } catch (error) {
    const cause = error instanceof SnapvmError ? error.cause : error;
    throw shortage(cause, `${path} cannot be read`) ?? error;
  }
}

/**
 * Makes a folder in one that is there, durably; one that is there stays.
 * @throws SnapvmError as `writeDurably`
 */
export async function makeFolder(path: string): Promise<void> {
  await typed(path, 'cannot be made', async () => {
    if (await files.makeFolder(path)) await files.syncFolder(dirname(path));
  });
}

/**
 * The names in a folder, but for those of a file system's own and of what is being written.
 * @throws as `writeDurably`
 */
export async function namesIn(folder: string): Promise<string[]> {
  const names = await typed(folder, 'cannot be read', () => readdir(folder));
  return names.filter((name) => !files.isTemporary(name) && !FOREIGN_NAMES.has(name)).sort();
}

/**
 * Moves a file to the first of `.bad`, `.bad-2` ... that is free, and gives its path there.
 * @throws as `writeDurably`
 */
export async function moveAside(path: string): Promise<string> {
  return await typed(path, 'cannot be moved aside', async () => {
    for (let copy = 1; ; copy++) {
      const aside = copy === 1 ? `${path}.bad` : `${path}.bad-${copy}`;
      if ((await ifThere(lstat(aside))) !== undefined) continue;
      await rename(path, aside);
      await files.syncFolder(dirname(path));
      return aside;
    }
  });
}

/** Removes what processes that died were writing. @throws as `writeDurably` */
export async function removeLeftovers(folder: string): Promise<void> {
  await typed(folder, 'cannot be read', () => files.removeStale(folder));
}

/**
 * Makes the server's directory if there is none, and its folders, of mode 0700.
 * @returns its path, links resolved
 * @throws SnapvmError `SNAPVM_SERVER_DIRECTORY`: it cannot be had, is another's, or others may write to it;
 * `SNAPVM_HOST_MEMORY`
 */
export async function openDirectory(directory: string): Promise<string> {
  return await typed(directory, 'cannot be the directory of a server', async () => {
    const given = absolutePath(directory);
    await files.makeFolders(given);
    const path = await realpath(given);
    for (const folder of OWN_FOLDERS) {
      const found = await ifThere(lstat(join(path, folder)));
      if (found !== undefined && !found.isDirectory()) throw new Error(`${folder} in it is no directory`);
    }
    const foreign = await findForeign(path, OWN_FOLDERS);
    if (foreign !== undefined) throw new Error(foreign.why);
    await checkFormat(path);
    for (const folder of OWN_FOLDERS) {
      await makeFolder(join(path, folder));
      await removeLeftovers(join(path, folder));
    }
    await removeLeftovers(path);
    return path;
  });
}

/** Refuses a directory of another version, and one whose folders of these names are somebody else's. */
async function checkFormat(path: string): Promise<void> {
  const found = await readWhole(join(path, FORMAT_FILE), 100);
  if (found === undefined) {
    for (const folder of OWN_FOLDERS) {
      const names = (await ifThere(readdir(join(path, folder)))) ?? [];
      if (names.length > 0)
        throw new Error(
          `it has files in ${folder} that are not of a server; give an empty or a new directory`,
        );
    }
    await writeDurably(join(path, FORMAT_FILE), new TextEncoder().encode(FORMAT_TEXT));
    return;
  }
  const text = new TextDecoder().decode(found);
  if (text !== FORMAT_TEXT)
    throw new Error(
      `${FORMAT_FILE} in it says ${JSON.stringify(text)}, and this snapvm writes ${JSON.stringify(FORMAT_TEXT)}`,
    );
}

/** What is wrong with the directory, or a file in it. */
export function directoryError(path: string, why: string, cause?: unknown): SnapvmError {
  const { code } = Object(cause) as NodeJS.ErrnoException;
  return new SnapvmError(
    'SNAPVM_SERVER_DIRECTORY',
    `${path} ${why}`,
    {
      path,
      ...(cause !== undefined && !(cause instanceof SnapvmError) && code !== undefined && { errno: code }),
    },
    cause === undefined ? undefined : { cause },
  );
}

async function typed<T>(path: string, failed: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (cause) {
    if (cause instanceof SnapvmError && /^SNAPVM_(SERVER|HOST)_/.test(cause.code)) throw cause;
    const { code } = Object(cause) as NodeJS.ErrnoException;
    const reason =
      code === undefined || cause instanceof SnapvmError ? messageOf(cause) : systemError(cause).reason;
    throw shortage(cause, `${path} ${failed}`) ?? directoryError(path, `${failed}: ${reason}`, cause);
  }
}

async function ifThere<T>(found: Promise<T>): Promise<T | undefined> {
  try {
    return await found;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return (Object(error) as NodeJS.ErrnoException).code === 'ENOENT';
}
