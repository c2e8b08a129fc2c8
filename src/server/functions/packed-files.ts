/**
 * The files of a Linux program as one file: a line, the length of a list, the list as JSON, then the
 * contents.
 */

import { show } from '../../base/numbers.js';
import type { TarEntry } from './model.js';

const HEAD = new TextEncoder().encode('snapvm files 1\n');
const LENGTH_BYTES = 4;

export function packFiles(files: readonly TarEntry[]): Uint8Array {
  const list = files.map(({ path, mode, bytes }) => ({ path, mode, bytes: bytes.length }));
  const text = new TextEncoder().encode(JSON.stringify(list));
  const length = new Uint8Array(LENGTH_BYTES);
  new DataView(length.buffer).setUint32(0, text.length, true);
  return Buffer.concat([HEAD, length, text, ...files.map(({ bytes }) => bytes)]);
}

/** The contents are views of `packed`. @throws Error which says what is wrong */
export function unpackFiles(packed: Uint8Array): TarEntry[] {
  const listAt = HEAD.length + LENGTH_BYTES;
  if (packed.length < listAt || Buffer.compare(packed.subarray(0, HEAD.length), HEAD) !== 0)
    throw new Error('it is no list of files');
  const listBytes = new DataView(packed.buffer, packed.byteOffset + HEAD.length).getUint32(0, true);
  const list: unknown = JSON.parse(new TextDecoder().decode(packed.subarray(listAt, listAt + listBytes)));
  if (!Array.isArray(list)) throw new Error('it has no list of files');
  let at = listAt + listBytes;
  const files = list.map((entry: unknown) => {
    const { path, mode, bytes }: { path?: unknown; mode?: unknown; bytes?: unknown } = Object(entry);
    const sound = typeof path === 'string' && Number.isSafeInteger(mode) && Number.isSafeInteger(bytes);
    if (!sound || Number(bytes) < 0) throw new Error(`${show(path)} is no file in it`);
    const content = packed.subarray(at, at + Number(bytes));
    at += Number(bytes);
    return { path, mode: Number(mode), bytes: content };
  });
  if (at !== packed.length) throw new Error('its list is of more or fewer bytes than it has');
  return files;
}
