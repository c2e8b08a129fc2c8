// npm run test:sanitizers: builds the addon with ASan and UBSan, and runs the tests of ava.sanitizers.config.js with it
// in place of the shipped one, on the process backend unless SNAPVM_BACKEND says otherwise. --short: fewer of them, for
// CI. Other arguments go on to ava. What a sanitizer reports ends the process of the test's file, and fails it. A guest's
// process has nothing of this: it executes its stub, which is one page, with no environment.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSecondAddon } from './second-addon.mjs';

const PROJECT = fileURLToPath(new URL('..', import.meta.url));
const SANITIZERS = ['-fsanitize=address,undefined', '-fno-sanitize-recover=all'];
/** Node has its own allocator beside malloc, and frees nothing at its end. */
const ASAN_OPTIONS = 'detect_leaks=0:strict_string_checks=1:detect_stack_use_after_return=1';

/** Each part of the addon, and its ends: calls of every kind on guests of every kind, restore, threads that end. */
const SHORT = [
  'conformance/*',
  'process/stop-process',
  'sandbox/restore-memory',
  'sandbox/stop-sandbox',
  'snapshot/*',
].map((name) => `dist/test/${name}.test.js`);

/** The compiler's own library; where it has none, it gives the name back. */
function libraryOf(name) {
  const { stdout } = spawnSync(process.env.CXX ?? 'g++', [`-print-file-name=${name}`], { encoding: 'utf8' });
  const path = stdout?.trim() ?? '';
  if (path !== name && existsSync(path)) return path;
  console.error(
    `snapvm: ${name} is missing, which the tests under sanitizers need. On Debian it comes with g++: sudo apt-get install build-essential`,
  );
  process.exit(1);
}

buildSecondAddon('sanitizers', {
  cflags: [...SANITIZERS, '-O1', '-g1', '-fno-omit-frame-pointer', '-Wno-error'],
  ldflags: SANITIZERS,
});
const hook = join(PROJECT, 'dist/test/support/sanitizers-hook.cjs');
const env = {
  SNAPVM_BACKEND: 'process',
  ...process.env,
  // ASan has to be the first library of a process; it looks for the C++ library's functions when it begins.
  LD_PRELOAD: ['libasan.so', 'libstdc++.so'].map(libraryOf).join(':'),
  NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ''} --require=${JSON.stringify(hook)}`.trim(),
  ASAN_OPTIONS,
  UBSAN_OPTIONS: 'print_stacktrace=1',
};
const ava = join(PROJECT, 'node_modules/ava/entrypoints/cli.mjs');
const given = process.argv.slice(2);
const files = given.includes('--short') ? SHORT : [];
const args = [
  ava,
  '--config',
  'ava.sanitizers.config.js',
  ...files,
  ...given.filter((arg) => arg !== '--short'),
];
const { status } = spawnSync(process.execPath, args, { cwd: PROJECT, env, stdio: 'inherit' });
process.exitCode = status ?? 1;
