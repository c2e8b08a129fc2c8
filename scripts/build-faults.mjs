// Builds the addon that only tests load: any of its system calls can be made to fail (native/system/faults.h). It is
// the shipped one's sources and two more, compiled beside it; it is in no package, and nothing but a test's own hook
// (test/support/faults-hook.ts) has it loaded.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { nodeDirectory, requirePrerequisites } from './prerequisites.mjs';

const PROJECT = fileURLToPath(new URL('..', import.meta.url));
const FOLDER = join(PROJECT, 'build/faults');
const UP = '../../';
const EXTRA_SOURCES = ['native/node/faults_wrap.cc', 'native/system/faults.cc'];

/** The shipped target, moved two folders down. */
function target() {
  const [shipped] = JSON.parse(readFileSync(join(PROJECT, 'binding.gyp'), 'utf8')).targets;
  return {
    ...shipped,
    target_name: 'snapvm-faults',
    sources: [...shipped.sources, ...EXTRA_SOURCES].map((name) => UP + name),
    include_dirs: shipped.include_dirs.map((name) => (name.startsWith('<') ? name : UP + name)),
    defines: [...shipped.defines, 'SNAPVM_FAULTS'],
    cflags: [...shipped.cflags, '-O0'], // the last one counts: compiled in half the time
  };
}

function writeIfChanged(path, text) {
  if (existsSync(path) && readFileSync(path, 'utf8') === text) return;
  writeFileSync(path, text);
}

requirePrerequisites();
const started = performance.now();
mkdirSync(FOLDER, { recursive: true });
writeIfChanged(join(FOLDER, 'binding.gyp'), `${JSON.stringify({ targets: [target()] }, null, 2)}\n`);
writeIfChanged(join(FOLDER, 'package.json'), '{}\n');
const directory = nodeDirectory();
const run = spawnSync(
  process.execPath,
  [
    createRequire(import.meta.url).resolve('node-gyp/bin/node-gyp.js'),
    ...['configure', 'build', '--jobs=max'],
    ...(directory ? [`--nodedir=${directory}`] : []),
  ],
  { cwd: FOLDER, encoding: 'utf8', maxBuffer: 1 << 28 },
);
if (run.status !== 0) {
  console.error(`${run.stdout}${run.stderr}${run.error ?? ''}`);
  console.error('snapvm: the test build of the addon failed; its output is above');
  process.exit(1);
}
console.log(`test build of the addon built in ${((performance.now() - started) / 1000).toFixed(1)} s`);
