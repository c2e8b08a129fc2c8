// Applications that a bundler puts into one file: snapvm stays outside, and one sentence says so where it does not.
import { cpSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { call } from './managers.mjs';

const ESBUILD = join(dirname(createRequire(import.meta.url).resolve('esbuild/package.json')), 'bin/esbuild');
const WEBPACK = ['webpack@5.113.0', 'webpack-cli@6.0.1'];
const ROLLUP = [
  ...['rollup@4.68.8', '@rollup/plugin-node-resolve@16.0.3', '@rollup/plugin-commonjs@29.0.0'],
  '@rollup/plugin-json@6.1.0',
];
const VITE = 'vite@8.3.8';

const SENTENCE =
  /SNAPVM_HOST_BUNDLED|SnapvmError: snapvm was bundled into another program, .*mark it external/;

/** @type {readonly import('./main.mjs').Case[]} */
export const BUNDLER_CASES = [
  { name: 'esbuild, snapvm external', quick: true, run: esbuildExternal },
  { name: 'esbuild, snapvm bundled in, says so', quick: true, run: esbuildBundled },
  { name: 'webpack', quick: false, run: webpack },
  { name: 'rollup', quick: false, run: rollup },
  { name: 'vite build --ssr', quick: false, run: vite },
];

function esbuild(workspace, output, format, ...options) {
  const args = ['call.mjs', '--bundle', '--platform=node', `--format=${format}`, `--outfile=${output}`];
  // CommonJS has no await at the top, which call.mjs uses.
  const input = format === 'cjs' ? 'call.cjs' : 'call.mjs';
  workspace.run('node', [ESBUILD, input, ...args.slice(1), ...options], workspace.installed);
}

function esbuildExternal(workspace) {
  esbuild(workspace, 'external.mjs', 'esm', '--external:snapvm');
  esbuild(workspace, 'external.cjs', 'cjs', '--external:snapvm');
  call(workspace, workspace.installed, ['node'], 'external.mjs');
  call(workspace, workspace.installed, ['node'], 'external.cjs');
  return [];
}

function esbuildBundled(workspace) {
  esbuild(workspace, 'bundled.mjs', 'esm');
  esbuild(workspace, 'bundled.cjs', 'cjs', '--log-level=error');
  saysSo(workspace, 'bundled.mjs');
  saysSo(workspace, 'bundled.cjs');
  return [];
}

function saysSo(workspace, file, folder = workspace.installed) {
  const output = workspace.fail('node', [file], folder);
  if (!SENTENCE.test(output)) throw new Error(`${file} says ${output}`);
}

function webpack(workspace) {
  const folder = projectWith(workspace, 'webpack', WEBPACK);
  for (const [kind, externals] of Object.entries({ external: { snapvm: 'module snapvm' }, bundled: {} })) {
    const config = {
      ...{
        entry: './call.mjs',
        mode: 'production',
        target: 'node20',
        experiments: { outputModule: true },
        externals,
      },
      // The program asks for its own place of snapvm, as no application does; webpack would answer with a number.
      module: { parser: { javascript: { createRequire: false } } },
      output: { path: folder, filename: `${kind}.mjs`, module: true, chunkFormat: 'module' },
    };
    writeFileSync(join(folder, `${kind}.config.mjs`), `export default ${JSON.stringify(config)};\n`);
    workspace.run('node', ['node_modules/webpack/bin/webpack.js', '--config', `${kind}.config.mjs`], folder);
  }
  return ends(workspace, folder, 'mjs', WEBPACK);
}

function rollup(workspace) {
  const folder = projectWith(workspace, 'rollup', ROLLUP);
  const plugins = ['-p', 'node-resolve={preferBuiltins:true}', '-p', 'commonjs', '-p', 'json'];
  const args = ['node_modules/rollup/dist/bin/rollup', 'call.mjs', '--format', 'es', '--silent'];
  workspace.run('node', [...args, '--external', 'snapvm', '--file', 'external.mjs'], folder);
  workspace.run('node', [...args, ...plugins, '--inlineDynamicImports', '--file', 'bundled.mjs'], folder);
  return ends(workspace, folder, 'mjs', ROLLUP);
}

/** vite itself leaves dependencies outside of what it builds for servers. */
function vite(workspace) {
  const folder = projectWith(workspace, 'vite', [VITE]);
  const build = (kind, noExternal) => {
    const config = {
      ssr: { noExternal },
      build: {
        ssr: 'call.mjs',
        outDir: '.',
        emptyOutDir: false,
        rollupOptions: { output: { entryFileNames: `${kind}.js` } },
      },
    };
    writeFileSync(join(folder, `${kind}.config.mjs`), `export default ${JSON.stringify(config)};\n`);
    const args = ['node_modules/vite/bin/vite.js', 'build', '--config', `${kind}.config.mjs`];
    workspace.run('node', args, folder);
  };
  build('external', []);
  build('bundled', ['snapvm']);
  return ends(workspace, folder, 'js', [VITE]);
}

function projectWith(workspace, name, packages) {
  const folder = workspace.create(`by-${name}`, ['call.mjs'], { type: 'module' });
  cpSync(join(workspace.installed, 'node_modules'), join(folder, 'node_modules'), { recursive: true });
  workspace.npm(folder, ['install', '--prefer-offline', workspace.tarball, ...packages]);
  return folder;
}

function ends(workspace, folder, extension, packages) {
  call(workspace, folder, ['node'], `external.${extension}`);
  saysSo(workspace, `bundled.${extension}`, folder);
  return [packages.join(', ')];
}
