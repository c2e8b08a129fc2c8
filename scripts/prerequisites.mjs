// What building snapvm takes. Checked first, because node-gyp and make report a missing compiler in fifty lines.
import { spawnSync } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';

/** package.json's engines. */
const OLDEST_NODE = '20.19';
const PROGRAMS = [
  {
    name: 'a C compiler',
    commands: [process.env.CC, 'cc', 'gcc'],
    purpose: 'the addon and the guests',
    debian: 'build-essential',
  },
  {
    name: 'a C++ compiler',
    commands: [process.env.CXX, 'c++', 'g++'],
    purpose: 'the addon',
    debian: 'build-essential',
  },
  {
    name: 'make',
    commands: [process.env.MAKE, 'make'],
    purpose: 'the addon and the guests',
    debian: 'build-essential',
  },
  {
    name: 'python3',
    commands: [process.env.PYTHON, 'python3'],
    purpose: 'node-gyp, which builds the addon',
    debian: 'python3',
  },
];

/** @returns {string[]} a line for each thing that is missing or unfit, then how to install what can be installed */
export function missingPrerequisites() {
  const lines = [];
  if (isOlderNode())
    lines.push(
      `Node.js ${OLDEST_NODE} or newer (this is ${process.version}): https://nodejs.org/en/download`,
    );
  const absent = PROGRAMS.filter(({ commands }) => !commands.some(runs));
  for (const { name, purpose } of absent) lines.push(`${name}, for ${purpose}`);
  if (absent.length > 0) {
    const packages = [...new Set(absent.map(({ debian }) => debian))];
    lines.push(`On Debian or Ubuntu: sudo apt-get install ${packages.join(' ')}`);
  }
  return lines;
}

function isOlderNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  const [oldestMajor, oldestMinor] = OLDEST_NODE.split('.').map(Number);
  return major < oldestMajor || (major === oldestMajor && minor < oldestMinor);
}

/** Says what is missing and ends the process, or returns. */
export function requirePrerequisites() {
  requirePlatform();
  const lines = missingPrerequisites();
  if (lines.length === 0) return;
  console.error(['snapvm cannot be built here. Missing:', ...lines].join('\n  '));
  process.exit(1);
}

/** Elsewhere no compiler helps, so nothing else is said. The sentence is that of src/addon/addon.ts. */
function requirePlatform() {
  const { platform, arch } = process;
  if (platform === 'linux' && arch === 'x64') return;
  console.error(
    `snapvm runs on Linux on x86-64; this is ${platform} on ${arch}: use a Linux machine, virtual machine or container with an x86-64 processor`,
  );
  process.exit(1);
}

/** @returns {string} the path of node-gyp: installed beside snapvm, or npm's own; without one it ends the process */
export function findNodeGyp() {
  for (const file of [import.meta.url, ...npmFiles()]) {
    try {
      return createRequire(file).resolve('node-gyp/bin/node-gyp.js');
    } catch {}
  }
  console.error(
    'snapvm cannot be built here: node-gyp is missing; npm carries one, or run "npm install node-gyp"',
  );
  return process.exit(1);
}

/** Files of npm: of the one that runs us (npx sets it), of the one beside this Node, of the one in the PATH. */
function npmFiles() {
  const beside = join(dirname(dirname(process.execPath)), 'lib/node_modules/npm/package.json');
  const inPath = (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, 'npm'));
  return [process.env.npm_execpath, beside, ...inPath]
    .filter((file) => file !== undefined && existsSync(file))
    .map((file) => realpathSync(file));
}

/** @returns {string | undefined} the prefix of the running Node if its headers are installed there */
export function nodeDirectory() {
  const prefix = dirname(dirname(process.execPath));
  return existsSync(join(prefix, 'include/node/node_api.h')) ? prefix : undefined;
}

/** CC and its like may hold options after the program's name. */
function runs(command) {
  if (!command) return false;
  const [program, ...options] = command.trim().split(/\s+/);
  return spawnSync(program, [...options, '--version'], { stdio: 'ignore' }).status === 0;
}
