// Before packing: links the addon for machines with an older C library than this one, into dist/addon.
//
// The linker takes for each function the newest version in the libc it links with, and that libc must then be there
// where the addon runs. So it links with a stand-in for glibc 2.28 (old-glibc.mjs), the oldest that Node's own
// binaries run on. libstdc++ is linked statically, as Node's may be older. libgcc_s is not: Node needs it itself,
// its symbols have been the same since GCC 3, and exceptions stay with the one unwinder that knows how to find the
// frames of every library (a static one of GCC 12 wants _dl_find_object of glibc 2.35).
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from '../run.mjs';
import { makeOldGlibc } from './old-glibc.mjs';
import { checkPortable } from './portable.mjs';

const PROJECT = fileURLToPath(new URL('../..', import.meta.url));
const FOLDER = join(PROJECT, 'dist/addon');
const ADDON = join(FOLDER, 'linux-x64-glibc.node');
const OBJECTS = join(PROJECT, 'build/Release/obj.target/snapvm');

const gyp = JSON.parse(readFileSync(join(PROJECT, 'binding.gyp'), 'utf8'));

const started = performance.now();
run(process.execPath, [join(PROJECT, 'scripts/build-native.mjs')]);
mkdirSync(FOLDER, { recursive: true });
const work = mkdtempSync(join(tmpdir(), 'snapvm-prebuild-'));
try {
  link(work);
} finally {
  rmSync(work, { recursive: true });
}
checkPortable(ADDON);
packSourceBuild();
const kib = Math.round(statSync(ADDON).size / 1024);
console.log(
  `addon for glibc 2.28 linked, ${kib} KiB, in ${((performance.now() - started) / 1000).toFixed(1)} s`,
);

function link(folder) {
  const own = join(folder, 'old_glibc.o');
  const exported = join(folder, 'exports.map');
  run(process.env.CC ?? 'gcc', [
    '-O2',
    '-fPIC',
    '-c',
    join(PROJECT, 'native/prebuilt/old_glibc.c'),
    '-o',
    own,
  ]);
  writeFileSync(
    exported,
    '{ global: napi_register_module_v1; node_api_module_get_api_version_v1; local: *; };\n',
  );
  run(process.env.CXX ?? 'g++', [
    ...['-shared', '-s', '-o', ADDON, ...objects(), own],
    ...['-static-libstdc++', ...makeOldGlibc(folder)],
    ...['-Wl,--gc-sections', '-Wl,-z,nodelete', '-Wl,-z,relro', '-Wl,-z,now', '-Wl,-soname,snapvm.node'],
    `-Wl,--version-script=${exported}`,
  ]);
}

function objects() {
  return gyp.targets[0].sources.map((source) => join(OBJECTS, source.replace(/\.\w+$/, '.o')));
}

/**
 * What a build from source takes beside native/, so that the package needs no dependency for it: node-addon-api's
 * headers, and binding.gyp with their place in it. It is not in the package's root, where package managers would run
 * node-gyp because of it; scripts/build-native.mjs puts it there while it builds.
 */
function packSourceBuild() {
  const headers = dirname(createRequire(import.meta.url).resolve('node-addon-api/package.json'));
  mkdirSync(join(FOLDER, 'include'), { recursive: true });
  for (const name of ['napi.h', 'napi-inl.h', 'napi-inl.deprecated.h', 'LICENSE.md'])
    copyFileSync(join(headers, name), join(FOLDER, 'include', name));
  const [target] = gyp.targets;
  const packed = { targets: [{ ...target, include_dirs: ['native', 'dist/addon/include'] }] };
  writeFileSync(join(FOLDER, 'binding.gyp'), `${JSON.stringify(packed, null, 2)}\n`);
}
