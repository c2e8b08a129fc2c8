/** Files of Linux programs, out of a tar. */

import { extract } from 'tar-stream';
import { SnapvmError } from '../../base/errors.js';
import { show } from '../../base/numbers.js';
import { messageOf } from '../../base/realms.js';
import type { TarEntry } from '../functions/model.js';
import { badRequest, tooLarge } from './request-error.js';

const MOST_ENTRIES = 10_000;
const PATH_BYTES = 1024;
const NAME_BYTES = 255;
const PERMISSIONS = 0o777;

/**
 * Reads the regular files of a tar. Folders are there as soon as a file is in them, so theirs are passed over.
 * @throws SnapvmError `SNAPVM_SERVER_REQUEST`, `SNAPVM_SERVER_TOO_LARGE`
 */
export async function readTar(bytes: Uint8Array): Promise<readonly TarEntry[]> {
  // An empty tar is two blocks of zeros; without them it was cut off.
  if (bytes.length % 512 !== 0 || bytes.length < 1024) throw badRequest('files is no complete tar');
  const files = new Map<string, TarEntry>();
  const reading = extract();
  reading.end(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  let entries = 0;
  try {
    for await (const entry of reading) {
      entries += 1;
      if (entries > MOST_ENTRIES)
        throw tooLarge(`the tar has more than the ${MOST_ENTRIES} entries that are taken`, MOST_ENTRIES);
      const { name, type, mode = 0o644 } = entry.header;
      const path = safePath(name);
      const content: Buffer[] = [];
      for await (const chunk of entry) content.push(chunk as Buffer);
      if (type === 'directory') continue;
      if (type !== 'file' && type !== 'contiguous-file')
        throw badRequest(
          `${show(name)} in the tar is a ${type ?? 'thing'}; only regular files and folders are taken`,
        );
      if (path === '/') throw badRequest(`${show(name)} in the tar is no path of a file`);
      if (files.has(path)) throw badRequest(`${show(name)} is in the tar twice`);
      files.set(path, { path, bytes: Buffer.concat(content), mode: mode & PERMISSIONS });
    }
  } catch (cause) {
    if (cause instanceof SnapvmError) throw cause;
    throw badRequest(`files is no tar that can be read: ${messageOf(cause)}`);
  }
  return [...files.values()];
}

/** The absolute path in the guest. @throws SnapvmError `SNAPVM_SERVER_REQUEST` */
function safePath(name: string): string {
  if (name.includes('\0') || name.includes('\ufffd'))
    throw badRequest(`${show(name)} in the tar has a name with NUL, or that is not UTF-8`);
  const names = name.split('/').filter((part) => part !== '' && part !== '.');
  if (names.includes('..')) throw badRequest(`${show(name)} in the tar leads out of it`);
  if (Buffer.byteLength(name) > PATH_BYTES || names.some((part) => Buffer.byteLength(part) > NAME_BYTES))
    throw badRequest(
      `${show(name)} in the tar is longer than ${PATH_BYTES} bytes, or a name of it than ${NAME_BYTES}`,
    );
  return `/${names.join('/')}`;
}
