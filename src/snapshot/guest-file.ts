/** Reads a guest binary from a file. */

import { constants } from 'node:fs';
import { type FileHandle, open, realpath } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { MAX_IMAGE_BYTES } from '../base/abi.js';
import { shortage, systemError } from '../base/errno.js';
import { SnapvmError } from '../base/errors.js';
import { hex, show } from '../base/numbers.js';
import { absolutePath } from '../base/working-directory.js';

export interface GuestFile {
  /** The file's absolute path, links resolved. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** @throws SnapvmError SNAPVM_ELF_FILE, SNAPVM_HOST_MEMORY */
export async function readGuestFile(elf: string | URL): Promise<GuestFile> {
  let handle: FileHandle | undefined;
  try {
    if (elf === '') throw new Error('the path is empty');
    const path = typeof elf === 'string' ? absolutePath(elf) : fileURLToPath(elf.href);
    // O_NONBLOCK: opening a FIFO nobody writes to would otherwise wait for ever.
    handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const bytes = await readAll(handle);
    return { path: await realpath(path), bytes };
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const { reason } = systemError(cause);
    const failed = `the guest binary elf ${show(String(elf))} cannot be read`;
    const short = shortage(cause, failed);
    if (short !== undefined) throw short;
    throw new SnapvmError(
      'SNAPVM_ELF_FILE',
      `${failed}: ${reason}`,
      { path: String(elf), ...(code !== undefined && { reason: code }) },
      { cause },
    );
  } finally {
    await handle?.close();
  }
}

async function readAll(handle: FileHandle): Promise<Uint8Array> {
  const stat = await handle.stat();
  if (stat.isDirectory()) throw new Error('it is a directory');
  if (!stat.isFile()) throw new Error('it is not a regular file');
  if (stat.size > MAX_IMAGE_BYTES) {
    throw new Error(`it has ${hex(stat.size)} bytes; at most ${hex(MAX_IMAGE_BYTES)} are read`);
  }
  const bytes = new Uint8Array(stat.size);
  let done = 0;
  while (done < bytes.length) {
    const { bytesRead } = await handle.read(bytes, done, Math.min(bytes.length - done, 1 << 26), done);
    if (bytesRead === 0) throw new Error(`it shrank from ${bytes.length} to ${done} bytes while it was read`);
    done += bytesRead;
  }
  return bytes;
}
