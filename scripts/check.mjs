// npm run check: format, lint, types, the order of the rooms and static analysis in one go. With --write it formats instead.
// Every check runs, whatever the others found, as many at a time as there are processors; what a check prints is shown
// only if it failed.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { availableParallelism, homedir } from 'node:os';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { nodeDirectory } from './prerequisites.mjs';

const PROJECT = fileURLToPath(new URL('..', import.meta.url));
const BIOME = 'node_modules/@biomejs/biome/bin/biome';
const TSC = 'node_modules/typescript/bin/tsc';
const KNIP = 'node_modules/knip/bin/knip.js';
const CLANG_FORMAT = 'node_modules/clang-format/bin/linux_x64/clang-format';

/**
 * @typedef {{ name: string, command: string[] }} Check
 * @typedef {{ name: string, skipped: string }} SkippedCheck
 */

const sources = {
  native: listSources('native', ['.c', '.cc', '.h']),
  guest: listSources('guest', ['.c', '.h']),
  fuzz: listSources('fuzz', ['.cc', '.h']),
  bench: listSources('bench/floor', ['.c', '.h']),
  test: listSources('test', ['.c', '.cpp', '.h']),
};

function listSources(folder, extensions) {
  if (!existsSync(join(PROJECT, folder))) return [];
  return readdirSync(join(PROJECT, folder), { recursive: true })
    .filter((name) => extensions.includes(extname(name)) && !name.includes('node_modules/'))
    .map((name) => join(folder, name))
    .sort();
}

function formatters() {
  const files = Object.values(sources).flat();
  return [
    { name: 'biome', command: [process.execPath, BIOME, 'check', '--write'] },
    { name: 'clang-format', command: [CLANG_FORMAT, '-i', ...files] },
  ];
}

/** Those that take longest come first. */
function checks() {
  const files = Object.values(sources).flat();
  return [
    ...clangTidyChecks(),
    { name: 'docs', command: [process.execPath, 'scripts/docs.mjs', '--check'] },
    { name: 'biome', command: [process.execPath, BIOME, 'check'] },
    { name: 'clang-format', command: [CLANG_FORMAT, '--dry-run', '-Werror', ...files] },
    { name: 'tsc', command: [process.execPath, TSC, '--noEmit', '-p', 'tsconfig.json'] },
    { name: 'tsc (the page)', command: [process.execPath, TSC, '-p', 'page/tsconfig.json'] },
    { name: 'order of the rooms', command: [process.execPath, 'scripts/folders.mjs'] },
    { name: 'dead exports and unused files', command: [process.execPath, KNIP, '--no-progress'] },
    { name: 'types of the public API', command: ['npm', 'run', '--silent', 'test:types'] },
    { name: 'tests of the promises', command: [process.execPath, 'scripts/promises.mjs'] },
  ];
}

/** @returns {(Check | SkippedCheck)[]} one for each set of compiler options; headers are seen through what includes them */
function clangTidyChecks() {
  if (spawnSync('clang-tidy', ['--version'], { stdio: 'ignore' }).status !== 0)
    return [{ name: 'clang-tidy', skipped: 'it is not installed (Debian: clang-tidy)' }];
  const c = [...sources.native, ...sources.guest].filter((file) => extname(file) === '.c');
  const cc = sources.native.filter((file) => extname(file) === '.cc');
  return [
    clangTidy('clang-tidy (C)', c, [
      ...['-std=c11', '-D_GNU_SOURCE', '-Inative', '-Iguest/sdk', '-Iguest/monitor'],
      ...['-isystem', 'dist/.guest-obj/engine', '-isystem', 'guest/js', '-Idist/guest/include'],
    ]),
    ...clangTidyCc(cc),
  ];
}

/** In parts, since it takes as long as all else together. */
function clangTidyCc(files) {
  const name = 'clang-tidy (C++)';
  const headers = nodeHeaders();
  if (!headers)
    return [
      {
        name,
        skipped: "Node's headers are neither beside node nor in node-gyp's cache (npm run build:native)",
      },
    ];
  const includes = ['-Inative', '-isystem', 'node_modules/node-addon-api', '-isystem', headers];
  const options = ['-std=c++20', '-fexceptions', '-DNAPI_VERSION=9', ...includes];
  const parts = 2 * availableParallelism();
  return Array.from({ length: parts }, (_, part) =>
    clangTidy(
      `${name}, part ${part + 1} of ${parts}`,
      files.filter((_file, at) => at % parts === part),
      options,
    ),
  );
}

function clangTidy(name, files, options) {
  return { name, command: ['clang-tidy', '--quiet', ...files, '--', ...options] };
}

function nodeHeaders() {
  const cache = process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache');
  return [nodeDirectory(), join(cache, 'node-gyp', process.versions.node)]
    .filter((prefix) => prefix !== undefined)
    .map((prefix) => join(prefix, 'include/node'))
    .find((folder) => existsSync(join(folder, 'node_api.h')));
}

/** @returns {Promise<boolean>} whether the check passed or was skipped */
async function run({ name, command, skipped }) {
  if (skipped) {
    console.log(`skipped  ${name}: ${skipped}`);
    return true;
  }
  const [program, ...args] = command;
  const started = performance.now();
  const { status, output } = await outputOf(program, args);
  const passed = status === 0;
  if (!passed) console.log(output.trimEnd());
  console.log(
    `${passed ? 'ok     ' : 'FAILED '}  ${name} (${((performance.now() - started) / 1000).toFixed(1)} s)`,
  );
  return passed;
}

/** @returns {Promise<{ status: number | null, output: string }>} */
function outputOf(program, args) {
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd: PROJECT, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text) => {
        output += text;
      });
    child.once('error', (error) => resolve({ status: null, output: `${output}${error}` }));
    child.once('close', (status) => resolve({ status, output }));
  });
}

/** @returns {Promise<string[]>} the names of those that failed */
async function runAll(all, atOnce) {
  const failed = [];
  const waiting = [...all];
  const lane = async () => {
    for (let check = waiting.shift(); check !== undefined; check = waiting.shift())
      if (!(await run(check))) failed.push(check.name);
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
  return failed;
}

const { values } = parseArgs({ options: { write: { type: 'boolean', default: false } } });
const failed = values.write ? await runAll(formatters(), 1) : await runAll(checks(), availableParallelism());
if (failed.length > 0) {
  console.log(`failed: ${failed.join(', ')}`);
  process.exitCode = 1;
}
