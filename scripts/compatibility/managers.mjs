// Package managers, on a machine without a compiler.
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What was tried; a newer one is tried by changing the line. */
const PNPM = 'pnpm@12.21.0';
const YARN_CLASSIC = 'yarn@1.22.22';
const YARN = '@yarnpkg/cli-dist@4.18.1';

const ANSWER = /^native: Ada, JavaScript: Hello Ada, TypeScript: 42$/m;

/** @typedef {import('./main.mjs').Case} Case */

/** @type {readonly Case[]} */
export const MANAGER_CASES = [
  { name: 'npm install without a compiler', quick: true, run: npm },
  { name: 'npm install without install scripts', quick: true, run: npmWithoutScripts },
  { name: 'npx snapvm build', quick: false, run: buildFromSource },
  { name: 'pnpm', quick: true, run: pnpm },
  { name: 'yarn classic', quick: false, run: yarnClassic },
  {
    name: 'yarn, nodeLinker: node-modules',
    quick: false,
    run: (workspace) => yarn(workspace, 'node-modules'),
  },
  { name: 'yarn, nodeLinker: pnp', quick: false, run: (workspace) => yarn(workspace, 'pnp') },
];

/** Runs the program that calls functions, and looks at what it prints. */
export function call(workspace, cwd, [program, ...args], file = 'call.mjs') {
  const output = workspace.run(program, [...args, file], cwd);
  if (!ANSWER.test(output)) throw new Error(`${file} printed ${output}`);
}

function npm(workspace) {
  const { tarball } = workspace; // is packed now, which does not count
  const started = performance.now();
  const { installed } = workspace;
  const installedMs = performance.now();
  call(workspace, installed, ['node']);
  if (existsSync(join(installed, 'node_modules/snapvm/build'))) throw new Error('something was compiled');
  const seconds = (ms) => (ms / 1000).toFixed(1);
  const parts = `install ${seconds(installedMs - started)} s, first calls ${seconds(performance.now() - installedMs)} s`;
  return [`${parts}, with an empty cache, of ${tarball.replace(/.*\//, '')}; aim: 15 s`];
}

function npmWithoutScripts(workspace) {
  const folder = workspace.create('without-scripts', ['call.mjs']);
  workspace.npm(folder, ['install', '--ignore-scripts', '--prefer-offline', workspace.tarball]);
  call(workspace, folder, ['node']);
  return [];
}

/** With a compiler, and with npm's node-gyp. */
function buildFromSource(workspace) {
  const folder = workspace.create('from-source', ['call.mjs']);
  workspace.npm(folder, ['install', '--prefer-offline', workspace.tarball]);
  rmSync(join(folder, 'node_modules/snapvm/dist/addon/linux-x64-glibc.node'));
  const said = workspace.fail('node', ['call.mjs'], folder);
  if (!said.includes('build it with "npx snapvm build"')) throw new Error(said);
  const { PATH } = process.env;
  workspace.run('npx', ['snapvm', 'build'], folder, { PATH });
  call(workspace, folder, ['node']);
  if (existsSync(join(folder, 'node_modules/snapvm/binding.gyp')))
    throw new Error('binding.gyp was left behind');
  return [];
}

/** Its default is to run no script of a dependency, and to fail where one would have to be allowed. */
function pnpm(workspace) {
  const tool = join(workspace.tool('pnpm', [PNPM]), 'node_modules/pnpm/bin/pnpm.mjs');
  const folder = workspace.create('by-pnpm', ['call.mjs']);
  // esbuild has a script, and works without.
  writeFileSync(join(folder, 'pnpm-workspace.yaml'), 'allowBuilds:\n  esbuild: false\n');
  const output = workspace.run('node', [tool, 'add', workspace.tarball], folder);
  if (/ignored build scripts:[^\n]*snapvm/i.test(output)) throw new Error(output);
  call(workspace, folder, ['node']);
  return [PNPM];
}

function yarnClassic(workspace) {
  const tool = join(workspace.tool('yarn-classic', [YARN_CLASSIC]), 'node_modules/yarn/bin/yarn.js');
  const folder = workspace.create('by-yarn-classic', ['call.mjs']);
  workspace.run('node', [tool, 'add', '--no-progress', workspace.tarball], folder);
  call(workspace, folder, ['node']);
  return [YARN_CLASSIC];
}

function yarn(workspace, nodeLinker) {
  const name = `yarn-${nodeLinker}`;
  const tool = join(workspace.tool(name, [YARN]), 'node_modules/@yarnpkg/cli-dist/bin/yarn.js');
  const folder = workspace.create(`by-${name}`, ['call.mjs']);
  const settings = [`nodeLinker: ${nodeLinker}`, 'enableTelemetry: false', 'enableGlobalCache: false'];
  writeFileSync(
    join(folder, '.yarnrc.yml'),
    `${settings.join('\n')}\nnpmRegistryServer: "${workspace.registry}"\n`,
  );
  writeFileSync(join(folder, 'yarn.lock'), ''); // a project of its own, whatever is above it
  workspace.run('node', [tool, 'add', `snapvm@file:${workspace.tarball}`], folder);
  call(workspace, folder, ['node', tool, 'node']);
  return [YARN];
}
