/** The files that a text may have bundled: code and JSON of installed packages. */

import { constants } from 'node:fs';
import { open, realpath } from 'node:fs/promises';
import { extname, sep } from 'node:path';
import type { Loader, OnLoadArgs } from 'esbuild';
import { shortage, systemError } from '../../base/errno.js';

/** By the ends of names. What has none of them is neither code nor JSON. */
const LOADERS = new Map<string, Loader>([
  ['.js', 'js'],
  ['.mjs', 'js'],
  ['.cjs', 'js'],
  ['.jsx', 'jsx'],
  ['.ts', 'ts'],
  ['.mts', 'ts'],
  ['.cts', 'ts'],
  ['.tsx', 'tsx'],
  ['.json', 'json'],
]);
/** Where package managers keep packages; these folders have a node_modules folder each package. */
const STORES = new Set(['.pnpm', '.store', '.bun', '.deno']);
/** A package has fewer; it bounds what a text can have read. */
const MOST_BYTES = 16 * 2 ** 20;

export interface PackageFile {
  readonly contents: Uint8Array;
  readonly loader: Loader;
}

/**
 * Reads a file of a package, or gives the reason why it is none of a text's business.
 * @throws SnapvmError `SNAPVM_HOST_MEMORY`
 */
export async function readPackageFile(asked: OnLoadArgs): Promise<PackageFile | string> {
  if (asked.suffix !== '') return `an import of a text has no ${asked.suffix.slice(0, 1)}`;
  if (Object.entries(asked.with).some(([name, value]) => name !== 'type' || value !== 'json'))
    return "the only attribute of a text's import is { type: 'json' }";
  try {
    // What is read is what was looked at: the same name may be another file a moment later.
    const path = await realpath(asked.path);
    const loader = LOADERS.get(extname(path));
    if (loader === undefined) return 'a text imports code and JSON only';
    if (!isInPackage(path)) return 'a text imports files of installed packages only (no links out of them)';
    const contents = await readRegular(path);
    return contents === undefined ? 'it is no regular file, or too large' : { contents, loader };
  } catch (error) {
    const short = shortage(error, 'a file that the module imports cannot be read');
    if (short !== undefined) throw short;
    return systemError(error).reason;
  }
}

/** Whether a file is below a node_modules folder, and no name of its path from there on hides. */
function isInPackage(path: string): boolean {
  const names = path.split(sep);
  const first = names.indexOf('node_modules');
  const last = names.lastIndexOf('node_modules');
  return (
    first >= 0 &&
    last < names.length - 1 &&
    names.every((name, at) => at < first || !name.startsWith('.') || (at < last && isStore(names, at)))
  );
}

function isStore(names: readonly string[], at: number): boolean {
  return names[at - 1] === 'node_modules' && STORES.has(names[at] as string);
}

async function readRegular(path: string): Promise<Uint8Array | undefined> {
  // O_NONBLOCK: a pipe is not waited for.
  const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const stats = await handle.stat();
    return stats.isFile() && stats.size <= MOST_BYTES ? await handle.readFile() : undefined;
  } finally {
    await handle.close();
  }
}
