/**
 * Files of this machine that a Linux program is given, read when its function is defined. Others may write to
 * a folder that is given, also while it is read: nothing outside of it is reached, and nothing is opened before
 * it is known what it is.
 */

import { constants } from 'node:fs';
import { type FileHandle, open, readdir, readlink } from 'node:fs/promises';
import { MAX_IMAGE_BYTES } from '../../base/abi.js';
import { shortage } from '../../base/errno.js';
import { SnapvmError } from '../../base/errors.js';
import { show } from '../../base/numbers.js';
import { absolutePath } from '../../base/working-directory.js';
import { type ArchiveFile, bytePath, shownPath } from './file-archive.js';

const MOST_FILES = 100_000;
/** Each folder on the way down takes a descriptor. */
const MOST_FOLDERS = 64;
const PATH_BYTES = 4095;
const PERMISSIONS = 0o7777;
/** O_PATH, which Node does not name: a descriptor of whatever it is, without opening a pipe or a device. */
const LOOK = 0o10000000;

/** Something below a given file or folder, or that itself. */
interface Place {
  /** In the guest, as `bytePath` gives it. */
  readonly guestPath: string;
  /** How messages name it. */
  readonly path: string;
  readonly depth: number;
}

/** What has been read, and how many bytes more there may be. */
interface Reading {
  readonly into: ArchiveFile[];
  bytesLeft: number;
}

/**
 * Reads a file, or a folder with everything in it. Links in the folder stay links, which the program follows in its
 * own file tree. Pipes, sockets and devices are left out, and what is removed meanwhile.
 * @throws SnapvmError `SNAPVM_LINUX_FILES`, `SNAPVM_HOST_MEMORY`
 */
export async function readHostFiles(guestPath: string, hostPath: string, into: ArchiveFile[]): Promise<void> {
  const place = { guestPath: bytePath(guestPath), path: hostPath, depth: 0 };
  try {
    place.path = absolutePath(hostPath);
    const found = await open(place.path, LOOK);
    await closing(found, async () => {
      const known = await readFound(place, found, { into, bytesLeft: MAX_IMAGE_BYTES });
      if (!known) throw failure(place, 'it is neither a regular file nor a folder');
    });
  } catch (cause) {
    if (cause instanceof SnapvmError) throw cause;
    throw systemFailure(place, cause);
  }
}

/** Reads what a descriptor is of; `false`: it is no file or folder. */
async function readFound(place: Place, found: FileHandle, reading: Reading): Promise<boolean> {
  const { guestPath: path } = place;
  const stats = await found.stat();
  const mode = stats.mode & PERMISSIONS;
  // The way to the very thing that was looked at, whatever its name stands for by now.
  const reached = `/proc/self/fd/${found.fd}`;
  if (stats.isDirectory()) {
    keep(place, { kind: 'directory', path, mode }, reading);
    await readFolder(place, reached, reading);
  } else if (stats.isFile()) {
    if (stats.size > reading.bytesLeft) throw tooLarge(place, stats.size);
    const file = await open(reached, constants.O_RDONLY);
    const content = new Uint8Array(await closing(file, () => file.readFile()));
    keep(place, { kind: 'file', path, mode, content }, reading);
  } else return false;
  return true;
}

async function readFolder(place: Place, reached: string, reading: Reading): Promise<void> {
  if (place.depth === MOST_FOLDERS)
    throw failure(place, `it is nested more than ${MOST_FOLDERS} folders deep`);
  for (const name of (await readdir(reached, { encoding: 'buffer' })).sort(Buffer.compare)) {
    const inner = {
      guestPath: `${place.guestPath}/${bytePath(name)}`,
      path: `${place.path}/${name}`,
      depth: place.depth + 1,
    };
    try {
      await readNamed(inner, Buffer.concat([Buffer.from(`${reached}/`), name]), reading);
    } catch (cause) {
      if (cause instanceof SnapvmError) throw cause;
      throw systemFailure(inner, cause);
    }
  }
}

/** Reads what a name in a folder stands for; the folder is reached by its descriptor. */
async function readNamed(place: Place, reached: Buffer, reading: Reading): Promise<void> {
  const found = await unlessGone(open(reached, LOOK | constants.O_NOFOLLOW));
  if (found === undefined) return;
  await closing(found, async () => {
    if (!(await found.stat()).isSymbolicLink()) return void (await readFound(place, found, reading));
    // Node cannot ask the descriptor where the link leads. The name may stand for another link by now: as good.
    const content = await unlessGone(readlink(reached, { encoding: 'buffer' }));
    if (content !== undefined)
      keep(place, { kind: 'link', path: place.guestPath, mode: 0o777, content }, reading);
  });
}

function keep(place: Place, file: ArchiveFile, reading: Reading): void {
  if (reading.into.length >= MOST_FILES) throw failure(place, `there are more than ${MOST_FILES} files`);
  if (file.path.length > PATH_BYTES)
    throw failure(place, `its path in the guest has more than ${PATH_BYTES} bytes`);
  const bytes = file.content?.length ?? 0;
  if (bytes > reading.bytesLeft) throw tooLarge(place, bytes);
  reading.bytesLeft -= bytes;
  reading.into.push(file);
}

/** `undefined` if the name stands for nothing any more, or no longer for a link. */
async function unlessGone<T>(result: Promise<T>): Promise<T | undefined> {
  return await result.catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'EINVAL') return undefined;
    throw error;
  });
}

async function closing<T>(handle: FileHandle, use: () => Promise<T>): Promise<T> {
  try {
    return await use();
  } finally {
    await handle.close();
  }
}

function tooLarge(place: Place, bytes: number): SnapvmError {
  return failure(place, `it has ${bytes} bytes, which is too much: at most ${MAX_IMAGE_BYTES} fit in all`);
}

function systemFailure(place: Place, cause: unknown): SnapvmError {
  const { code, message } = cause as NodeJS.ErrnoException;
  return shortage(cause, cannotUse(place)) ?? failure(place, message, code, cause);
}

function cannotUse({ guestPath, path }: Place): string {
  return `${show(path)}, for ${shownPath(guestPath)} of the program, cannot be used`;
}

function failure(place: Place, why: string, reason?: string, cause?: unknown): SnapvmError {
  const { path } = place;
  return new SnapvmError(
    'SNAPVM_LINUX_FILES',
    `${cannotUse(place)}: ${why}`,
    { path, ...(reason !== undefined && { reason }) },
    cause === undefined ? {} : { cause },
  );
}
