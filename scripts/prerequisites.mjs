// What building snapvm takes. Checked first, because node-gyp and make report a missing compiler in fifty lines.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

const OLDEST_NODE = 20;
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
  if (Number.parseInt(process.versions.node, 10) < OLDEST_NODE)
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

/** Says what is missing and ends the process, or returns. */
export function requirePrerequisites() {
  requirePlatform();
  const lines = missingPrerequisites();
  if (lines.length === 0) return;
  console.error(['snapvm cannot be built here. Missing:', ...lines].join('\n  '));
  process.exit(1);
}

/** Elsewhere no compiler helps, so nothing else is said. The sentence is that of src/native.ts. */
function requirePlatform() {
  const { platform, arch } = process;
  if (platform === 'linux' && arch === 'x64') return;
  console.error(
    `snapvm runs on Linux on x86-64; this is ${platform} on ${arch}: use a Linux machine, virtual machine or container with an x86-64 processor`,
  );
  process.exit(1);
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
