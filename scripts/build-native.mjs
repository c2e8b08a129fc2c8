// Builds the addon: in a checkout with its own node-gyp, in an installed package (`snapvm build`) with npm's. Where
// possible from the headers beside the running Node.

import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findNodeGyp, nodeDirectory, requirePrerequisites } from './prerequisites.mjs';

const PROJECT = fileURLToPath(new URL('..', import.meta.url));
const STAMP = join(PROJECT, 'build/configured-for');
const GYP_FILE = join(PROJECT, 'binding.gyp');
const PACKED_GYP_FILE = join(PROJECT, 'dist/addon/binding.gyp');

/** Objects of another Node, or of other headers, are no good; otherwise only what changed is compiled. */
function isConfiguredFor(identity) {
  return existsSync(STAMP) && readFileSync(STAMP, 'utf8') === identity;
}

/** @returns {boolean} whether it worked; if not, its output is shown */
function nodeGyp(program, args) {
  const run = spawnSync(process.execPath, [program, ...args], {
    cwd: PROJECT,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (run.status === 0) return true;
  console.error(`${run.stdout}${run.stderr}${run.error ?? ''}`);
  console.error(`snapvm: the addon could not be built (node-gyp ${args.join(' ')}); its output is above`);
  return false;
}

/** In a package binding.gyp is there only while node-gyp runs: package managers run node-gyp where they see one. */
function withGypFile(build) {
  if (existsSync(GYP_FILE)) return build();
  copyFileSync(PACKED_GYP_FILE, GYP_FILE);
  try {
    return build();
  } finally {
    rmSync(GYP_FILE);
  }
}

requirePrerequisites();
const program = findNodeGyp();
const directory = nodeDirectory();
const identity = `${process.version} ${process.arch} ${directory ?? 'downloaded headers'}\n`;
const commands = isConfiguredFor(identity) ? ['configure', 'build'] : ['rebuild'];
const started = performance.now();
const args = [...commands, '--jobs=max', ...(directory ? [`--nodedir=${directory}`] : [])];
if (withGypFile(() => nodeGyp(program, args))) {
  writeFileSync(STAMP, identity);
  console.log(`addon built in ${((performance.now() - started) / 1000).toFixed(1)} s`);
} else {
  process.exitCode = 1;
}
