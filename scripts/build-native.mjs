// Builds the addon with the project's own node-gyp, where possible from the headers beside the running Node.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { nodeDirectory, requirePrerequisites } from './prerequisites.mjs';

const PROJECT = fileURLToPath(new URL('..', import.meta.url));
const STAMP = join(PROJECT, 'build/configured-for');

/** Objects of another Node, or of other headers, are no good; otherwise only what changed is compiled. */
function isConfiguredFor(identity) {
  return existsSync(STAMP) && readFileSync(STAMP, 'utf8') === identity;
}

function nodeGyp(args) {
  // As a dependency of another package node-gyp may stand further up than our own node_modules.
  const program = createRequire(import.meta.url).resolve('node-gyp/bin/node-gyp.js');
  const run = spawnSync(process.execPath, [program, ...args], {
    cwd: PROJECT,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (run.status === 0) return;
  console.error(`${run.stdout}${run.stderr}${run.error ?? ''}`);
  console.error(`snapvm: the addon could not be built (node-gyp ${args.join(' ')}); its output is above`);
  process.exit(1);
}

requirePrerequisites();
const directory = nodeDirectory();
const identity = `${process.version} ${process.arch} ${directory ?? 'downloaded headers'}\n`;
const commands = isConfiguredFor(identity) ? ['configure', 'build'] : ['rebuild'];
const started = performance.now();
nodeGyp([...commands, '--jobs=max', ...(directory ? [`--nodedir=${directory}`] : [])]);
writeFileSync(STAMP, identity);
console.log(`addon built in ${((performance.now() - started) / 1000).toFixed(1)} s`);
