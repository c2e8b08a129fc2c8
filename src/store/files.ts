/**
 * Reads and writes the store's files: written aside and put in place once durable; when read, nothing is
 * trusted.
 */
import { randomBytes } from 'node:crypto';
import { constants, readFileSync, readlinkSync } from 'node:fs';
import { type FileHandle, lstat, mkdir, open, readdir, realpath, rename, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { wallMs } from '../base/globals.js';
import { messageOf } from '../base/realms.js';
import { errnoOf, refusal } from './refusal.js';

const FILE_MODE = 0o600;
const FOLDER_MODE = 0o700;
const TEMPORARY = '.tmp';
/**
 * The age from which a temporary file counts as left over, if its process cannot be looked for (it is on
 * another machine or in another container).
 */
const FOREIGN_STALE_MS = 24 * 3600 * 1000;

/** An open file: an ordinary one that belongs to this user. */
export interface OpenFile {
  readonly handle: FileHandle;
  readonly size: number;
}

/**
 * Opens a file to read, or gives `undefined` when there is none.
 * @throws SnapvmError SNAPVM_STORE_FILE: a link, no ordinary file, somebody else's, or not to be read
 */
export async function openStored(path: string): Promise<OpenFile | undefined> {
  let handle: FileHandle;
  try {
    // O_NONBLOCK: opening a pipe that somebody left there must not wait for a writer.
    handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (cause) {
    if (errnoOf(cause).errno === 'ENOENT') return undefined;
    throw refusal('SNAPVM_STORE_FILE', path, `cannot be opened (${messageOf(cause)})`, cause);
  }
  try {
    const { size, uid } = await handle.stat().then((status) => {
      if (!status.isFile()) throw refusal('SNAPVM_STORE_FILE', path, 'is no ordinary file');
      return status;
    });
    if (uid !== 0 && uid !== process.geteuid?.())
      throw refusal('SNAPVM_STORE_FILE', path, `belongs to another user (${uid})`);
    return { handle, size };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** Fills `target` from the file. @throws SnapvmError SNAPVM_STORE_LENGTH, SNAPVM_STORE_FILE */
export async function readFully(
  { handle }: OpenFile,
  path: string,
  target: Uint8Array,
  position: number,
): Promise<void> {
  for (let done = 0; done < target.length; ) {
    const { bytesRead } = await handle
      .read(target, done, target.length - done, position + done)
      .catch((cause: unknown) => {
        throw refusal('SNAPVM_STORE_FILE', path, `cannot be read (${messageOf(cause)})`, cause);
      });
    if (bytesRead === 0) throw refusal('SNAPVM_STORE_LENGTH', path, 'ends before its end');
    done += bytesRead;
  }
}

/** Writes all of `bytes` where the file is. */
export async function writeFully(handle: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await handle.write(bytes, done, bytes.length - done);
    done += bytesWritten;
  }
}

/**
 * Puts a file in place so that, whenever the machine stops, either the old one is there or all of the new one, and
 * the new one once this has resolved. @throws what the file system throws; nothing is left behind then
 */
export async function writeDurably(
  folder: string,
  name: string,
  write: (handle: FileHandle) => Promise<void>,
): Promise<void> {
  const temporary = join(folder, `${temporaryPrefix()}-${randomBytes(8).toString('hex')}`);
  const handle = await open(temporary, 'wx', FILE_MODE); // exclusive: a link that is there is not followed
  try {
    try {
      await write(handle);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, join(folder, name));
  } catch (error) {
    await unlink(temporary).catch(() => {});
    throw error;
  }
  await syncFolder(folder);
}

export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Makes a folder. @returns whether it was not there before */
export async function makeFolder(path: string): Promise<boolean> {
  try {
    await mkdir(path, { mode: FOLDER_MODE });
    return true;
  } catch (error) {
    if (errnoOf(error).errno !== 'EEXIST') throw error;
    return false;
  }
}

/** With those above it, durably. Node's own way of doing that never ends where the kernel makes none, as in /proc. */
export async function makeFolders(path: string): Promise<void> {
  const above = dirname(path);
  try {
    await mkdir(path, { mode: FOLDER_MODE });
  } catch (error) {
    const { errno } = errnoOf(error);
    if (errno === 'EEXIST') return;
    if (errno !== 'ENOENT' || above === path) throw error;
    await makeFolders(above);
    await mkdir(path, { mode: FOLDER_MODE });
  }
  await syncFolder(await realpath(above));
}

/** Removes the temporary files of processes that died while they wrote; those of live ones are left alone. */
export async function removeStale(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!name.startsWith(`${TEMPORARY}-`)) continue;
    const path = join(folder, name);
    // Another process may be cleaning up too.
    if (await isStale(path, name)) await unlink(path).catch(() => {});
  }
}

export function isTemporary(name: string): boolean {
  return name.startsWith(`${TEMPORARY}-`);
}

async function isStale(path: string, name: string): Promise<boolean> {
  const [, boot, namespace, pid, start] = name.split('-');
  const here = thisProcess();
  if (boot === here.boot && namespace === here.namespace) return startOf(Number(pid)) !== start;
  const status = await lstat(path).catch(() => undefined);
  return status !== undefined && wallMs() - status.mtimeMs > FOREIGN_STALE_MS;
}

/** What tells this process from those with the same id: on other machines, in other containers, and later. */
interface ThisProcess {
  readonly boot: string;
  readonly namespace: string;
  readonly start: string;
}

let known: ThisProcess | undefined;

export function thisProcess(): ThisProcess {
  known ??= {
    boot: readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim().replaceAll('-', ''),
    namespace: readlinkSync('/proc/self/ns/pid').replaceAll(/\D/g, ''),
    start: startOf(process.pid) ?? '0',
  };
  return known;
}

/**
 * A name that no other process has while the machine runs: process ids are reused, and differ by namespace.
 * Boot, namespace, id and start, with a `-` between them.
 */
export function processName(): string {
  const { boot, namespace, start } = thisProcess();
  return `${boot}-${namespace}-${process.pid}-${start}`;
}

function temporaryPrefix(): string {
  return `${TEMPORARY}-${processName()}`;
}

/** When a process began, in ticks since the machine started; `undefined` if no process has that id, or it is dead. */
export function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The name, in parentheses, may contain anything; the 20th field behind it is the start time.
    const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return state === 'Z' || state === 'X' ? undefined : fields[18]; // dead, and nobody has waited for it
  } catch {
    return undefined;
  }
}
