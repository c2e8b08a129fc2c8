/** The files of the page, as `scripts/build-page.mjs` made them. */

import { readdir, readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

/** A file of the page. */
export interface Asset {
  readonly type: string;
  readonly bytes: Buffer;
  /** The same, in fewer bytes. */
  readonly gzipped: Buffer;
}

/** The page. */
export interface PageAssets {
  readonly html: Asset;
  /** By their names, which have their hashes in them. */
  readonly files: ReadonlyMap<string, Asset>;
}

const FOLDER = new URL('assets/', import.meta.url);
const HTML = 'index.html';
const TYPES: ReadonlyMap<string, string> = new Map([
  ['.html', 'text/html; charset=utf-8'],
  ['.js', 'text/javascript; charset=utf-8'],
  ['.css', 'text/css; charset=utf-8'],
  ['.svg', 'image/svg+xml'],
]);
const compress = promisify(gzip);

/** Reads them; `undefined` when they are not there, as after `npm run build:ts` alone. */
export async function loadAssets(): Promise<PageAssets | undefined> {
  const names = await readdir(FOLDER).catch(() => []);
  const files = new Map(await Promise.all(names.map(async (name) => [name, await load(name)] as const)));
  const html = files.get(HTML);
  files.delete(HTML);
  return html && { html, files };
}

async function load(name: string): Promise<Asset> {
  const bytes = await readFile(new URL(name, FOLDER));
  const type = TYPES.get(extname(name)) ?? 'application/octet-stream';
  return { type, bytes, gzipped: await compress(bytes) };
}
