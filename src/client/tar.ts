/** Packs files into a tar archive (POSIX ustar; pax headers for what that has no room for). */
import { optionError } from './errors.js';

/** A file or folder of an archive. */
export interface TarFile {
  /** Where it is: an absolute path in the guest. A folder's ends in a slash. */
  readonly path: string;
  /** What is in it; empty for a folder. */
  readonly bytes: Uint8Array;
  /** Its permission bits. @default 0o644, a folder's 0o755 */
  readonly mode?: number;
}

const BLOCK = 512;
const NAME_BYTES = 100;
/** The largest that eleven octal digits say. */
const MOST_BYTES = 8 ** 11 - 1;
const FILE = '0';
const FOLDER = '5';
const PAX = 'x';

/**
 * The bytes of an archive. All files are of 1970 and of nobody: the same files give the same bytes.
 * @throws SnapvmRequestError `SNAPVM_CLIENT_OPTION`
 */
export function packTar(files: readonly TarFile[]): Uint8Array {
  const parts = files.flatMap(entryOf);
  const archive = new Uint8Array(parts.reduce((sum, { length }) => sum + padded(length), 2 * BLOCK));
  let at = 0;
  for (const part of parts) {
    archive.set(part, at);
    at += padded(part.length);
  }
  return archive;
}

function entryOf({ path, bytes, mode }: TarFile): Uint8Array[] {
  const isFolder = path.endsWith('/');
  const names = path.split('/').slice(1, isFolder ? -1 : undefined);
  const isPath = path.startsWith('/') && names.length > 0 && !path.includes('\0');
  if (!isPath || names.some((name) => /^\.{0,2}$/.test(name)))
    throw optionError('a path of files', path, 'absolute, without empty names, "." and ".."');
  if (bytes.length > MOST_BYTES) throw optionError(`the size of ${path}`, bytes.length, 'at most 8 GiB');
  const name = path.slice(1);
  const type = isFolder ? FOLDER : FILE;
  const own = header(name, isFolder ? 0 : bytes.length, mode ?? (isFolder ? 0o755 : 0o644), type);
  return [...extended(name), own, ...(isFolder ? [] : [bytes])];
}

/** What says a name that a header has no room for; a name that is no ASCII too. */
function extended(name: string): Uint8Array[] {
  if (/^[\x20-\x7e]*$/.test(name) && name.length <= NAME_BYTES) return [];
  const record = paxRecord('path', name);
  return [header('pax', record.length, 0o644, PAX), record];
}

/** `LENGTH key=value\n`, where the length counts itself. */
function paxRecord(key: string, value: string): Uint8Array {
  const rest = encode(` ${key}=${value}\n`);
  let length = rest.length;
  while (String(length).length + rest.length !== length) length = String(length).length + rest.length;
  return encode(`${length} ${key}=${value}\n`);
}

function header(name: string, size: number, mode: number, type: string): Uint8Array {
  const block = new Uint8Array(BLOCK);
  const put = (at: number, text: string): void => block.set(encode(text), at);
  block.set(encode(name).subarray(0, NAME_BYTES), 0);
  put(100, `${octal(mode & 0o7777, 7)}\0`);
  put(108, `${octal(0, 7)}\0`);
  put(116, `${octal(0, 7)}\0`);
  put(124, `${octal(size, 11)}\0`);
  put(136, `${octal(0, 11)}\0`);
  put(148, ' '.repeat(8)); // the checksum's own place counts as spaces
  put(156, type);
  put(257, 'ustar\x0000');
  const sum = block.reduce((total, byte) => total + byte, 0);
  put(148, `${octal(sum, 6)}\0 `);
  return block;
}

function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, '0');
}

function padded(length: number): number {
  return Math.ceil(length / BLOCK) * BLOCK;
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
