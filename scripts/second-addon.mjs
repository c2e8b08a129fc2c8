// Builds the addon once more for tests, with other options, in a folder of its own below build/. It is in no package,
// and nothing but a test's own hook (test/support/*-hook.ts) has it loaded.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { nodeDirectory, requirePrerequisites } from './prerequisites.mjs';

const PROJECT = fileURLToPath(new URL('..', import.meta.url));
const UP = '../../';
/** What a build may add to the shipped target. */
const LISTS = ['sources', 'defines', 'cflags', 'ldflags'];

/** The shipped target with more in its lists, moved two folders down. */
function target(name, more) {
  const [shipped] = JSON.parse(readFileSync(join(PROJECT, 'binding.gyp'), 'utf8')).targets;
  const lists = Object.fromEntries(LISTS.map((list) => [list, [...shipped[list], ...(more[list] ?? [])]]));
  return {
    ...shipped,
    ...lists,
    target_name: `snapvm-${name}`,
    sources: lists.sources.map((source) => UP + source),
    include_dirs: shipped.include_dirs.map((folder) => (folder.startsWith('<') ? folder : UP + folder)),
  };
}

function writeIfChanged(path, text) {
  if (existsSync(path) && readFileSync(path, 'utf8') === text) return;
  writeFileSync(path, text);
}

/** Builds build/NAME/build/Release/snapvm-NAME.node; without a compiler, or when it fails, says why and ends. */
export function buildSecondAddon(name, more) {
  requirePrerequisites();
  const folder = join(PROJECT, 'build', name);
  const started = performance.now();
  mkdirSync(folder, { recursive: true });
  const targets = [target(name, more)];
  writeIfChanged(join(folder, 'binding.gyp'), `${JSON.stringify({ targets }, null, 2)}\n`);
  writeIfChanged(join(folder, 'package.json'), '{}\n');
  const directory = nodeDirectory();
  const run = spawnSync(
    process.execPath,
    [
      createRequire(import.meta.url).resolve('node-gyp/bin/node-gyp.js'),
      ...['configure', 'build', '--jobs=max'],
      ...(directory ? [`--nodedir=${directory}`] : []),
    ],
    { cwd: folder, encoding: 'utf8', maxBuffer: 1 << 28 },
  );
  if (run.status !== 0) {
    console.error(`${run.stdout}${run.stderr}${run.error ?? ''}`);
    console.error(`snapvm: the ${name} build of the addon failed; its output is above`);
    process.exit(1);
  }
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.error(`the ${name} build of the addon took ${seconds} s`);
}
