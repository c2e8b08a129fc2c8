/** What a Linux program is given as, checked. */

import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkNames, checkObject, invalidOption } from '../../base/checks.js';
import { isBytes, isUrl } from '../../base/realms.js';

/** A static Linux program, and what it finds. */
export interface LinuxSource {
  /** A static ELF64 for x86-64: a path, a `file:` URL, or its bytes. */
  readonly linux: string | URL | Uint8Array;
  /** Its arguments, behind its own name. @default none */
  readonly args?: readonly string[];
  /** Its own name, `argv[0]`. @default the path as it was given, `program` for bytes */
  readonly argv0?: string;
  /** Its environment; that of the host is never seen. @default empty */
  readonly env?: Readonly<Record<string, string>>;
  /**
   * Its files: absolute path to bytes, or to a file or folder of the host, which is read when the function is
   * defined. Links in a folder stay links, which the program follows in its own file tree; pipes, sockets and
   * devices are left out. There are no files but these, the program itself, `/dev`, `/proc/self` and an empty
   * `/tmp`. @default none
   */
  readonly files?: Readonly<Record<string, Uint8Array | string | URL>>;
  /** Where it starts. @default `/` */
  readonly cwd?: string;
}

/** The source of a Linux program, complete. */
export interface CheckedLinuxSource {
  readonly elf: string | URL | Uint8Array;
  readonly args: readonly string[];
  readonly env: readonly string[];
  readonly files: ReadonlyMap<string, Uint8Array | string>;
  readonly cwd: string;
  /** Where the program stands in its own file tree. */
  readonly path: string;
}

const PATH_BYTES = 4095;
const NAME_BYTES = 255;

/**
 * Checks the source of a Linux program.
 * @throws SnapvmError `SNAPVM_CONFIG_VALUE`, `SNAPVM_CONFIG_UNKNOWN`
 */
export function checkLinuxSource(given: LinuxSource): CheckedLinuxSource {
  const source = checkObject('source', given);
  checkNames('source', source, ['linux', 'args', 'argv0', 'env', 'files', 'cwd']);
  const elf = source['linux'];
  if (typeof elf !== 'string' && !isUrl(elf) && !isBytes(elf))
    throw invalidOption('linux', elf, 'a path, a file: URL or a Uint8Array');
  const path = isBytes(elf) ? 'program' : isUrl(elf) ? fileUrl('linux', elf) : elf;
  return {
    elf,
    args: [checkText('argv0', source['argv0'] ?? path), ...checkArgs(source['args'] ?? [])],
    env: checkEnv(source['env']),
    files: checkFiles(source['files']),
    cwd: checkPath('cwd', source['cwd'] ?? '/'),
    path: `/bin/${basename(path) || 'program'}`,
  };
}

/** Checks the arguments of a program. @throws SnapvmError `SNAPVM_CONFIG_VALUE` */
export function checkArgs(value: unknown): readonly string[] {
  if (!Array.isArray(value)) throw invalidOption('args', value, 'an array of strings');
  return value.map((arg, index) => checkText(`args[${index}]`, arg));
}

/** Checks a text that becomes a C string, which ends at the first NUL. */
function checkText(option: string, value: unknown): string {
  if (typeof value === 'string' && !value.includes('\0')) return value;
  throw invalidOption(option, value, 'a string without NUL');
}

function checkEnv(value: unknown): readonly string[] {
  if (value === undefined) return [];
  return Object.entries(checkObject('env', value)).map(([name, text]) => {
    if (name === '' || name.includes('=') || name.includes('\0'))
      throw invalidOption('env', name, 'names without "=" and NUL, none empty');
    return `${name}=${checkText(`env.${name}`, text)}`;
  });
}

function checkFiles(value: unknown): ReadonlyMap<string, Uint8Array | string> {
  const files = new Map<string, Uint8Array | string>();
  if (value === undefined) return files;
  for (const [path, content] of Object.entries(checkObject('files', value))) {
    const option = `files[${JSON.stringify(path)}]`;
    const at = checkPath('files', path);
    if (at === '/') throw invalidOption('files', path, 'paths below "/"');
    if (files.has(at)) throw invalidOption('files', path, 'paths that differ');
    if (isBytes(content)) files.set(at, new Uint8Array(content));
    else if (isUrl(content)) files.set(at, fileUrl(option, content));
    else if (typeof content === 'string' && content !== '' && !content.includes('\0')) files.set(at, content);
    else
      throw invalidOption(option, content, 'a Uint8Array, or the path or file: URL of something on the host');
  }
  return files;
}

/** Checks an absolute path of the guest, and gives the shortest one to what it names. */
function checkPath(option: string, value: unknown): string {
  if (typeof value !== 'string' || !value.startsWith('/') || value.includes('\0'))
    throw invalidOption(option, value, 'an absolute path');
  const names = value.split('/').filter((name) => name !== '');
  if (names.some((name) => name === '.' || name === '..'))
    throw invalidOption(option, value, 'a path without "." and ".."');
  if (Buffer.byteLength(value) > PATH_BYTES || names.some((name) => Buffer.byteLength(name) > NAME_BYTES))
    throw invalidOption(option, value, `a path of at most ${PATH_BYTES} bytes, each name ${NAME_BYTES}`);
  return `/${names.join('/')}`;
}

function fileUrl(option: string, url: URL): string {
  if (url.protocol === 'file:') return fileURLToPath(url.href);
  throw invalidOption(option, url.href, 'a path or a file: URL');
}
