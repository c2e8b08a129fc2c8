/** Files of this machine that a Linux program is given, read when its function is defined. */

import { constants, type Stats } from 'node:fs';
import { open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { MAX_IMAGE_BYTES } from '../../base/abi.js';
import { SnapvmError } from '../../base/errors.js';
import { show } from '../../base/numbers.js';
import { absolutePath } from '../../base/working-directory.js';
import type { ArchiveFile } from './file-archive.js';

const MOST_FILES = 100_000;
const PERMISSIONS = 0o7777;

/**
 * Reads a file, or a folder with everything in it; links are followed.
 * @throws SnapvmError `SNAPVM_LINUX_FILES`
 */
export async function readHostFiles(guestPath: string, hostPath: string, into: ArchiveFile[]): Promise<void> {
  let path = hostPath;
  try {
    path = absolutePath(hostPath);
    await readOne(guestPath, path, into, 0);
  } catch (cause) {
    if (cause instanceof SnapvmError) throw cause;
    const { code, message } = cause as NodeJS.ErrnoException;
    throw failure(guestPath, path, message, code, cause);
  }
}

async function readOne(guestPath: string, path: string, into: ArchiveFile[], depth: number): Promise<void> {
  if (into.length >= MOST_FILES) throw failure(guestPath, path, `there are more than ${MOST_FILES} files`);
  if (depth > 64) throw failure(guestPath, path, 'folders are nested too deeply (does a link lead back?)');
  const stats = await stat(path);
  if (stats.isDirectory()) {
    into.push({ kind: 'directory', path: guestPath, mode: stats.mode & PERMISSIONS });
    for (const name of (await readdir(path)).sort())
      await readOne(`${guestPath}/${name}`, join(path, name), into, depth + 1);
    return;
  }
  into.push({
    kind: 'file',
    path: guestPath,
    mode: stats.mode & PERMISSIONS,
    content: await readRegular(guestPath, path, stats),
  });
}

async function readRegular(guestPath: string, path: string, stats: Stats): Promise<Uint8Array> {
  if (!stats.isFile()) throw failure(guestPath, path, 'it is neither a regular file nor a folder');
  if (stats.size > MAX_IMAGE_BYTES)
    throw failure(guestPath, path, `it has ${stats.size} bytes, which is too much`);
  // O_NONBLOCK: it may have become a FIFO meanwhile.
  const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    return new Uint8Array(await handle.readFile());
  } finally {
    await handle.close();
  }
}

function failure(
  guestPath: string,
  path: string,
  why: string,
  reason?: string,
  cause?: unknown,
): SnapvmError {
  return new SnapvmError(
    'SNAPVM_LINUX_FILES',
    `${show(path)}, for ${show(guestPath)} of the program, cannot be used: ${why}`,
    { path, ...(reason !== undefined && { reason }) },
    cause === undefined ? {} : { cause },
  );
}
