// Bundles the page of the server (page/) into dist/src/server/page/assets: index.html, and files named by their hashes.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { argv } from 'node:process';
import { fileURLToPath } from 'node:url';

const SOURCES = 'page';
const TARGET = 'dist/src/server/page/assets';
const PLACEHOLDER = /\{\{([\w.]+)\}\}/g;

export async function buildPage(project) {
  const { build } = await import('esbuild');
  const result = await build({
    entryPoints: [join(project, SOURCES, 'main.ts')],
    absWorkingDir: project,
    outdir: join(project, TARGET),
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    target: ['es2022'],
    minify: true,
    legalComments: 'none',
    logLevel: 'warning',
  });
  const files = new Map(result.outputFiles.map(({ path, contents }) => [basename(path), contents]));
  files.set('icon.svg', readFileSync(join(project, SOURCES, 'icon.svg')));
  const names = new Map([...files].map(([name, contents]) => [name, hashedName(name, contents)]));
  const html = readFileSync(join(project, SOURCES, 'index.html'), 'utf8').replaceAll(
    PLACEHOLDER,
    (_, name) => {
      if (names.has(name)) return names.get(name);
      throw new Error(`page/index.html names ${name}, which is not built`);
    },
  );

  const target = join(project, TARGET);
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  for (const [name, contents] of files) writeFileSync(join(target, names.get(name)), contents);
  writeFileSync(join(target, 'index.html'), html);
}

function hashedName(name, contents) {
  const hash = createHash('sha256').update(contents).digest('hex').slice(0, 16);
  return name.replace(/\.(\w+)$/, `-${hash}.$1`);
}

if (argv[1] === fileURLToPath(import.meta.url))
  await buildPage(fileURLToPath(new URL('..', import.meta.url)));
