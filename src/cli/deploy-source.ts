/** What `snapvm deploy` sends of a file: its kind, its text or bytes, and the files of a Linux program. */
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { MAX_IMAGE_BYTES } from '../base/abi.js';
import { systemError } from '../base/errno.js';
import { packTar, type TarFile } from '../client/tar.js';
import type { FunctionKind, FunctionSource } from '../client/types.js';
import type { ArchiveFile } from '../guests/linux/file-archive.js';
import { readHostFiles } from '../guests/linux/host-files.js';
import { checkLinuxSource } from '../guests/linux/source.js';
import { parseElf } from '../snapshot/elf/elf.js';
import { UsageError } from './arguments.js';
import { moduleText } from './deploy-module.js';
import { FileError } from './failure.js';

/** What the command line says beside the file. */
export interface SourceOptions {
  /** Absent where the file says it. */
  readonly kind: FunctionKind | undefined;
  readonly locales: readonly string[];
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string | undefined;
  /** Absent for the name of the file. */
  readonly argv0: string | undefined;
  /** Paths of the host by paths of the guest. */
  readonly files: Readonly<Record<string, string>>;
}

/** A source, and what is told of it. */
export interface ReadSource {
  readonly kind: FunctionKind;
  readonly source: FunctionSource;
  /** Whether files and packages that it imports are in it. */
  readonly bundled: boolean;
  readonly bytes: number;
}

const MODULE = /^\.(?:[cm]?(js|ts)|(js|ts)x)$/i;
const ELF_MAGIC = Buffer.from('\x7fELF', 'latin1');

/**
 * Reads a file and finds out what it is.
 * @throws UsageError, FileError, and SnapvmError for what cannot be deployed
 */
export async function readSource(path: string, options: SourceOptions): Promise<ReadSource> {
  const bytes = await readRegularFile(path);
  const kind = options.kind ?? kindOf(path, bytes);
  refuseOptions(kind, options);
  if (kind === 'js' || kind === 'ts') return await moduleSource(path, bytes, kind, options);
  if (kind === 'native') return { kind, source: { native: bytes }, bundled: false, bytes: bytes.length };
  return { kind, source: await programSource(path, bytes, options), bundled: false, bytes: bytes.length };
}

/** @throws UsageError, SnapvmError `SNAPVM_ELF_*` */
function kindOf(path: string, bytes: Uint8Array): FunctionKind {
  const [, plain, withJsx] = MODULE.exec(extname(path)) ?? [];
  const language = (plain ?? withJsx)?.toLowerCase();
  if (language === 'js' || language === 'ts') return language;
  if (ELF_MAGIC.equals(bytes.subarray(0, ELF_MAGIC.length)))
    return parseElf(bytes).note === undefined ? 'linux' : 'native';
  throw new UsageError(
    `${JSON.stringify(path)} is no JavaScript or TypeScript by its name, and no ELF; say with --kind what it is`,
  );
}

/** What a kind does not have would be lost without a word. */
function refuseOptions(kind: FunctionKind, options: SourceOptions): void {
  const { locales, args, argv0, env, cwd, files } = options;
  const isModule = kind === 'js' || kind === 'ts';
  if (!isModule && locales.length > 0)
    throw new UsageError(`--locale is for JavaScript; the file is of the kind ${kind}`);
  if (kind === 'linux') return;
  const given = [
    args.length > 0 && 'arg',
    argv0 !== undefined && 'argv0',
    Object.keys(env).length > 0 && 'env',
    cwd !== undefined && 'cwd',
    Object.keys(files).length > 0 && 'file',
  ].find((name) => name !== false);
  if (given !== undefined)
    throw new UsageError(`--${given} is for Linux programs; the file is of the kind ${kind}`);
}

async function moduleSource(
  path: string,
  bytes: Uint8Array,
  kind: 'js' | 'ts',
  { locales }: SourceOptions,
): Promise<ReadSource> {
  const given = locales.length > 0 ? { locales } : {};
  const { language, text, bundled } = await moduleText(path, kind, new TextDecoder().decode(bytes));
  const source = language === 'js' ? { js: text, ...given } : { ts: text, ...given };
  return { kind: language, source, bundled, bytes: Buffer.byteLength(text) };
}

async function programSource(
  path: string,
  linux: Uint8Array,
  { args, argv0 = basename(path), env, cwd, files: wanted }: SourceOptions,
): Promise<FunctionSource> {
  const given = { linux, args, argv0, env, files: wanted, ...(cwd !== undefined && { cwd }) };
  const { files } = checkLinuxSource(given);
  const found: ArchiveFile[] = [];
  for (const [guest, host] of files) await readHostFiles(guest, String(host), found);
  return {
    linux,
    argv0,
    ...(args.length > 0 && { args }),
    ...(Object.keys(env).length > 0 && { env }),
    ...(cwd !== undefined && { cwd }),
    ...(found.length > 0 && { files: packTar(found.map(tarFile)) }),
  };
}

function tarFile({ kind, path: bytePath, mode, content = new Uint8Array() }: ArchiveFile): TarFile {
  const bytes = Buffer.from(bytePath, 'latin1');
  const path = bytes.toString();
  if (!Buffer.from(path).equals(bytes))
    throw new UsageError(`--file: the name ${JSON.stringify(path)} is no UTF-8, and cannot be sent`);
  if (kind === 'link')
    throw new UsageError(`--file: ${JSON.stringify(path)} is a link; a server takes files and folders only`);
  return { path: kind === 'directory' ? `${path}/` : path, bytes: content, mode };
}

/** No pipe is waited for, and no device read for ever. */
async function readRegularFile(path: string): Promise<Uint8Array> {
  let file: FileHandle | undefined;
  try {
    file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const found = await file.stat();
    if (found.isDirectory()) throw cannotRead(path, 'EISDIR', 'it is a directory');
    if (!found.isFile()) throw cannotRead(path, 'EINVAL', 'it is not a regular file');
    if (found.size > MAX_IMAGE_BYTES)
      throw cannotRead(path, 'EFBIG', `it has ${found.size} bytes; at most ${MAX_IMAGE_BYTES} are read`);
    return await file.readFile();
  } catch (cause) {
    if (cause instanceof FileError) throw cause;
    const { code, reason } = systemError(cause);
    throw cannotRead(path, code, reason, cause);
  } finally {
    await file?.close();
  }
}

function cannotRead(path: string, code: string, reason: string, cause?: unknown): FileError {
  return new FileError(code, `${JSON.stringify(path)} cannot be read: ${reason}`, { cause });
}
