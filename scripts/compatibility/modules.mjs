// Ways to import snapvm, from JavaScript and from TypeScript.
import { cpSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { call } from './managers.mjs';
import { PROJECT } from './workspace.mjs';

const TYPESCRIPT = createRequire(import.meta.url).resolve('typescript/bin/tsc');

const COMMON = { target: 'ES2023', strict: true, noEmit: true };

/** The compiler's options, and the file it compiles. The first also checks snapvm's declarations themselves. */
const COMPILERS = {
  'node16, ES module': [{ module: 'node16', moduleResolution: 'node16', skipLibCheck: false }, 'use.mts'],
  'node16, CommonJS': [{ module: 'node16', moduleResolution: 'node16' }, 'use-import.cts'],
  'nodenext, ES module': [{ module: 'nodenext', moduleResolution: 'nodenext' }, 'use.mts'],
  'nodenext, CommonJS': [{ module: 'nodenext', moduleResolution: 'nodenext' }, 'use-require.cts'],
  bundler: [{ module: 'esnext', moduleResolution: 'bundler' }, 'use.ts'],
};

/** @type {readonly import('./main.mjs').Case[]} */
export const MODULE_CASES = [
  { name: 'import', quick: true, run: (workspace) => calls(workspace, 'call.mjs') },
  { name: 'require', quick: true, run: (workspace) => calls(workspace, 'call.cjs') },
  ...Object.entries(COMPILERS).map(([name, [options, file]]) => ({
    name: `TypeScript, ${name}`,
    quick: true,
    run: (workspace) => compiles(workspace, name, options, file),
  })),
];

function calls(workspace, file) {
  call(workspace, workspace.installed, ['node'], file);
  return [];
}

function compiles(workspace, name, options, file) {
  const folder = workspace.installed;
  const source = file.startsWith('use.') ? 'use.ts' : file;
  cpSync(join(PROJECT, 'scripts/compatibility/programs', source), join(folder, file));
  const config = `tsconfig ${name}.json`;
  // Node's types are those of the project here.
  const typeRoots = [join(PROJECT, 'node_modules/@types')];
  const compilerOptions = { ...COMMON, skipLibCheck: true, ...options, typeRoots, types: ['node'] };
  writeFileSync(join(folder, config), JSON.stringify({ compilerOptions, files: [file] }));
  workspace.run('node', [TYPESCRIPT, '-p', config], folder);
  return [];
}
