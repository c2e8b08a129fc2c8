/**
 * The file tree of a Linux program as bytes behind its image: a header, an entry a file with its path, then
 * the contents. native/linux/file_archive.cc reads it.
 */
import { MAX_IMAGE_BYTES } from '../../base/abi.js';
import { SnapvmError } from '../../base/errors.js';
import { show } from '../../base/numbers.js';

export interface ArchiveFile {
  readonly kind: 'directory' | 'file' | 'link';
  /** The file's absolute path in the guest, as `bytePath` gives it: Linux has names that are no text. */
  readonly path: string;
  /** The file's permission bits. */
  readonly mode: number;
  /** What a file holds, or where a link leads. */
  readonly content?: Uint8Array;
}

const MAGIC = 0x4146_5653; // "SVFA"
const HEADER_BYTES = 8;
const ENTRY_BYTES = 40;
const KINDS = { directory: 1, file: 2, link: 3 } as const;
const NAMED = { directory: 'a folder', file: 'a file', link: 'a link' } as const;
/** Folders that every tree has, and that no file replaces. */
const OWN = ['/dev', '/proc'];

/** A path as its bytes, one a character: so paths that are no UTF-8 differ from each other as well. */
export function bytePath(path: string | Uint8Array): string {
  return Buffer.from(path as string).toString('latin1');
}

/** A path of `bytePath` as messages show it. */
export function shownPath(path: string): string {
  return show(Buffer.from(path, 'latin1').toString());
}

/** Packs files into the bytes of an archive. @throws SnapvmError `SNAPVM_LINUX_FILES` */
export function packFiles(files: readonly ArchiveFile[]): Uint8Array {
  checkTree(files);
  const paths = files.map(({ path }) => Buffer.from(path, 'latin1'));
  let at = HEADER_BYTES + paths.reduce((sum, path) => sum + ENTRY_BYTES + path.length, 0);
  const bytes = at + files.reduce((sum, { content }) => sum + (content?.length ?? 0), 0);
  if (bytes > MAX_IMAGE_BYTES) {
    throw new SnapvmError(
      'SNAPVM_LINUX_FILES',
      `the files have ${bytes} bytes; at most ${MAX_IMAGE_BYTES} fit`,
    );
  }
  const archive = new Uint8Array(bytes);
  const view = new DataView(archive.buffer);
  view.setUint32(0, MAGIC, true);
  view.setUint32(4, files.length, true);
  let entry = HEADER_BYTES;
  for (const [index, { kind, mode, content }] of files.entries()) {
    const path = paths[index] as Uint8Array;
    view.setUint32(entry, KINDS[kind], true);
    view.setUint32(entry + 4, mode, true);
    view.setBigUint64(entry + 8, 0n, true); // modified in 1970: the same files have the same bytes
    view.setBigUint64(entry + 16, BigInt(at), true);
    view.setBigUint64(entry + 24, BigInt(content?.length ?? 0), true);
    view.setBigUint64(entry + 32, BigInt(path.length), true);
    archive.set(path, entry + ENTRY_BYTES);
    entry += ENTRY_BYTES + path.length;
    if (content !== undefined) archive.set(content, at);
    at += content?.length ?? 0;
  }
  return archive;
}

/**
 * Refuses a file where there is something else or where something else needs a folder, and one in the trees that
 * the program finds anyway.
 */
function checkTree(files: readonly ArchiveFile[]): void {
  const kinds = new Map(files.map(({ path, kind }) => [path, kind]));
  for (const { path, kind } of files) {
    const own = OWN.find((tree) => path === tree || path.startsWith(`${tree}/`));
    if (own !== undefined) throw refusal(path, `${own} is made by snapvm`);
    if (path === '/tmp' && kind !== 'directory') throw refusal(path, '/tmp is a folder');
    const other = kinds.get(path);
    if (other !== undefined && other !== kind)
      throw refusal(path, `it is given twice, as ${NAMED[kind]} and as ${NAMED[other]}`);
    for (let slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
      const above = kinds.get(path.slice(0, slash)) ?? 'directory';
      if (above !== 'directory') throw refusal(path, `${shownPath(path.slice(0, slash))} is ${NAMED[above]}`);
    }
  }
}

function refusal(path: string, why: string): SnapvmError {
  return new SnapvmError('SNAPVM_LINUX_FILES', `${shownPath(path)} cannot be a file of the program: ${why}`, {
    path: Buffer.from(path, 'latin1').toString(),
  });
}
