// How snapvm finds its own files, and what it says where it does not.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import test, { type ExecutionContext } from 'ava';
import { build } from 'esbuild';
import { PROJECT, source } from '../support/abi-sources.js';

const INDEX = join(PROJECT, 'dist/src/index.js');
const BUILT = join(PROJECT, 'build/Release/snapvm.node');

const BUNDLED =
  'SNAPVM_HOST_BUNDLED snapvm was bundled into another program, where it does not find its files: mark it external in the bundler (esbuild: --external:snapvm) and install it beside the program\n';

/** Without it the only thing to do would be to build it. */
const BUILD_IT = 'build it with "npx snapvm build", which needs a C++ compiler, make and python3\n';

function folder(t: ExecutionContext): string {
  const made = mkdtempSync(join(tmpdir(), 'snapvm-installed-'));
  t.teardown(() => rmSync(made, { recursive: true }));
  return made;
}

/** What a program prints that imports a file and says what that threw. */
function importing(file: string, before = '', after = ''): string {
  const program = `${before}; try { const it = await import(${JSON.stringify(pathToFileURL(file).href)}); ${after} }
    catch ({ code, message }) { console.log(code, message) }`;
  const args = ['--input-type=module', '--eval', program];
  const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  return stdout + stderr;
}

for (const format of ['esm', 'cjs'] as const) {
  test(`bundled by esbuild (${format}) it says to mark it external`, async (t) => {
    const outfile = join(folder(t), format === 'esm' ? 'bundle.mjs' : 'bundle.cjs');
    await build({ entryPoints: [INDEX], bundle: true, platform: 'node', format, outfile, logLevel: 'error' });
    t.is(importing(outfile), BUNDLED);
  });
}

test('bundled by webpack, which leaves import.meta.url as it was, it says the same', (t) => {
  t.is(importing(INDEX, 'globalThis.__webpack_require__ = () => {}'), BUNDLED);
  t.is(importing(INDEX), '');
});

/** The file that loads the addon, as in a package whose addons have these contents. */
function packageWith(t: ExecutionContext, addons: Readonly<Record<string, 'damaged' | 'sound'>>): string {
  const root = folder(t);
  writeFileSync(join(root, 'package.json'), '{ "type": "module" }');
  for (const name of ['addon/load.js', 'base/errors.js', 'base/escape.js', 'base/package-files.js'])
    cpSync(join(PROJECT, 'dist/src', name), join(root, 'dist/src', name));
  for (const [name, content] of Object.entries(addons)) {
    const file = join(root, name);
    mkdirSync(dirname(file), { recursive: true });
    if (content === 'sound') cpSync(BUILT, file);
    else writeFileSync(file, 'no library');
  }
  return join(root, 'dist/src/addon/load.js');
}

const BY_SOURCE = 'build/Release/snapvm.node';
const PREBUILT = 'dist/addon/linux-x64-glibc.node';
const LOAD = 'console.log(typeof it.loadAddon().Server)';

test('the addon in the package is loaded, also beside a damaged one that was built', (t) => {
  t.is(importing(packageWith(t, { [PREBUILT]: 'sound' }), '', LOAD), 'function\n');
  t.is(importing(packageWith(t, { [BY_SOURCE]: 'damaged', [PREBUILT]: 'sound' }), '', LOAD), 'function\n');
});

test('one that was built goes before the one in the package', (t) => {
  t.is(importing(packageWith(t, { [BY_SOURCE]: 'sound', [PREBUILT]: 'damaged' }), '', LOAD), 'function\n');
});

test('without an addon that loads, one sentence says how to build one', (t) => {
  t.is(importing(packageWith(t, {}), '', LOAD), `SNAPVM_HOST_ADDON the native addon is missing; ${BUILD_IT}`);
  const damaged = importing(packageWith(t, { [PREBUILT]: 'damaged' }), '', LOAD);
  t.true(damaged.startsWith('SNAPVM_HOST_ADDON the native addon does not load ('), damaged);
  t.true(damaged.endsWith(`); ${BUILD_IT}`), damaged);
});

test('where the C library is not glibc, one sentence says what to use instead', (t) => {
  const musl = 'process.report.getReport = () => ({ header: {} })';
  t.is(
    importing(packageWith(t, { [PREBUILT]: 'damaged' }), musl, LOAD),
    'SNAPVM_HOST_ADDON snapvm needs glibc, and this Node runs on another C library (Alpine has musl): use an image with glibc, such as node:22-slim\n',
  );
});

test('an addon that asks for a newer glibc or for libstdc++ is not packed', (t) => {
  const file = join(PROJECT, 'scripts/prebuild/portable.mjs');
  // Linked for this machine, with a shared libstdc++.
  const { status, stderr } = spawnSync(process.execPath, [file, BUILT], { encoding: 'utf8' });
  t.is(status, 1);
  t.regex(stderr, /^ {2}it needs the library libstdc\+\+\.so\.6$/m);
  t.regex(stderr, /^ {2}it needs \w+ GLIBCXX_3[\d.]+$/m);
});

test('nothing of the package has npm run a script when it is installed', (t) => {
  const args = ['pack', '--dry-run', '--json', '--ignore-scripts'];
  const { stdout } = spawnSync('npm', args, { cwd: PROJECT, encoding: 'utf8' });
  const [packed] = JSON.parse(stdout) as [{ files: { path: string }[] }];
  const files = new Set(packed.files.map(({ path }) => path));
  for (const needed of [
    ...['dist/src/index.js', 'dist/src/index.d.ts', 'dist/workers/entry.cjs', 'dist/guest/monitor.bin'],
    ...[
      'dist/guest/js/runtime.elf',
      'dist/guest/include/snapvm.h',
      'native/addon.cc',
      'guest/monitor/layout.h',
    ],
    ...['scripts/build-native.mjs', 'scripts/prerequisites.mjs', 'docs/compatibility.md', 'NOTICE'],
  ]) {
    t.true(files.has(needed), `${needed} is not packed`);
  }
  // With one npm, pnpm and yarn run node-gyp.
  t.false(files.has('binding.gyp'));
  const { scripts } = JSON.parse(source('package.json')) as { scripts: Record<string, string> };
  for (const name of ['preinstall', 'install', 'postinstall']) t.is(scripts[name], undefined);
});
