// Bundles what JavaScript functions may import beside packages (guest/js/platform/) into modules that share their parts:
// dist/guest/js/platform. A function's bundle gets those of them that it imports or reads.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const SOURCES = 'guest/js/platform';
const TARGET = 'dist/guest/js/platform';
/** What packages import of other packages, and gets what is here. */
const INSTEAD = {
  // The one for browsers wants a TextDecoder that knows UTF-16BE.
  '@exodus/bytes/utf16.js': '../../../node_modules/@exodus/bytes/utf16.native.js',
  assert: 'node/assert.js',
  buffer: 'node/buffer.js',
  // In a tenth of the bytes.
  './dictionary-data.js': '../../../node_modules/brotli/dec/dictionary-browser.js',
  'call-bind/callBound': 'shared/polyfills/call-bound.js',
  events: 'node/events.js',
  'is-nan': 'shared/polyfills/nothing.js',
  'object-is': 'shared/polyfills/nothing.js',
  'object-is/polyfill': 'shared/polyfills/object-is.js',
  'object.assign/polyfill': 'shared/polyfills/object-assign.js',
  process: 'node/process.js',
  'process/': 'node/process.js',
  'punycode/': 'node/punycode.js',
  'safe-buffer': 'node/buffer.js',
  stream: 'node/stream.js',
  'string_decoder/': 'node/string_decoder.js',
  util: 'node/util.js',
  'util/': 'shared/util-for-assert.js',
  'node:querystring': 'node/querystring.js',
  qs: 'node/querystring.js',
};
/** What packages take for granted, and the engine does not have: `[file, what it says, what it shall say]`. */
const MENDED = [[/node-inspect-extracted\/dist\/inspect\.js$/, '["Atomics","JSON"', '["JSON"']];
/** What the licences of packages do not say of what they hold. */
const NOTICES = {
  brotli:
    'The files of its decoder: Copyright 2013 Google Inc., under the Apache License, Version 2.0, whose text is that of ' +
    '@pkgjs/parseargs in this file.',
};
const DATA_LICENCE = 'unicode-licence.txt';

export async function buildPlatform(project) {
  const { build } = await import('esbuild');
  const root = join(project, SOURCES);
  const entries = readdirSync(root, { recursive: true })
    .filter((name) => /^(?:(?:host|deferred)\.js|(?:node|globals|web)\/.*\.js)$/.test(name))
    .sort();
  const target = join(project, TARGET);
  const result = await build({
    entryPoints: entries.map((name) => join(root, name)),
    absWorkingDir: project,
    outbase: root,
    outdir: target,
    bundle: true,
    splitting: true,
    write: false,
    metafile: true,
    format: 'esm',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    conditions: ['import', 'browser'],
    // Streams of bytes would move their buffers with it, and not every engine's can; without it they are copied.
    define: { structuredClone: 'undefined' },
    chunkNames: 'parts/[hash]',
    target: 'es2020',
    supported: { 'class-field': true, 'class-private-field': true, 'class-private-method': true },
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: 'none',
    charset: 'utf8',
    logLevel: 'warning',
    plugins: [instead(root), mended()],
  });
  rmSync(target, { recursive: true, force: true });
  for (const { path, contents } of result.outputFiles) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, contents);
  }
  writeFileSync(join(target, 'LICENSES'), licenses(project, Object.keys(result.metafile.inputs)));
}

/** The licences of the packages that files are of, a text after the other. */
function licenses(project, files) {
  const folders = files.flatMap((file) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? []);
  const texts = [...new Set(folders)].sort().map((folder) => {
    const path = join(project, folder);
    const { name, version, license } = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8'));
    const found = readdirSync(path).find((file) => /^licen[cs]e/i.test(file));
    const text = found === undefined ? `License: ${license}` : readFileSync(join(path, found), 'utf8').trim();
    const notice = NOTICES[name] === undefined ? '' : `\n${NOTICES[name]}\n`;
    return `${name} ${version}\n\n${text}\n${notice}`;
  });
  const data = readFileSync(join(project, SOURCES, DATA_LICENCE), 'utf8');
  return [...texts, data].join(`\n${'-'.repeat(80)}\n\n`);
}

/** Where a package asks for another one; a CommonJS module gets what ours has as its default. */
function instead(root) {
  const filter = new RegExp(`^(?:${Object.keys(INSTEAD).join('|')})$`);
  return {
    name: 'instead',
    setup(build) {
      build.onResolve({ filter }, ({ path, kind }) => {
        const file = join(root, INSTEAD[path]);
        return kind === 'require-call' ? { path: file, namespace: 'as-commonjs' } : { path: file };
      });
      build.onLoad({ filter: /./, namespace: 'as-commonjs' }, ({ path }) => ({
        contents: `module.exports = require(${JSON.stringify(path)}).default`,
        resolveDir: root,
      }));
    },
  };
}

/** Changes files of packages; one that is not as it was fails the build. */
function mended() {
  return {
    name: 'mended',
    setup(build) {
      for (const [filter, said, says] of MENDED)
        build.onLoad({ filter }, ({ path }) => {
          const text = readFileSync(path, 'utf8');
          if (!text.includes(said)) return { errors: [{ text: `${path} does not say ${said} any more` }] };
          return { contents: text.replace(said, says) };
        });
    },
  };
}
