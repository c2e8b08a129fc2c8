// Bundles what a JavaScript function finds beside the engine (guest/js/prelude/) into one script, which the runtime
// evaluates before its snapshot is taken: dist/guest/js/prelude.js, ended by a NUL as the engine wants it.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Modules of core-js that replace what the engine has, at a cost that their reason is not worth. */
const LEFT_OUT = [
  'es.error.cause', // own, and without frames of its own in each stack: prelude/errors.js
  'es.aggregate-error.cause',
  'es.json.parse', // for JSON.rawJSON and a third argument of revivers (ES2026): JSON in JavaScript is slow
  'es.json.raw-json',
  'es.json.is-raw-json',
  'es.json.stringify',
  'es.object.assign', // for sources whose getters remove properties
];

export async function buildPrelude(project) {
  const { build } = await import('esbuild');
  const entry = join(project, 'guest/js/prelude/index.js');
  const target = join(project, 'dist/guest/js/prelude.js');
  const result = await build({
    entryPoints: [entry],
    absWorkingDir: project,
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'prelude',
    // The whole is a function, so that it leaves nothing in the global scope.
    banner: { js: '(function(natives){' },
    footer: { js: 'return prelude.default(natives)})' },
    target: 'es2020',
    supported: {
      'class-field': true,
      'class-private-field': true,
      'class-private-method': true,
      'class-private-accessor': true,
      'logical-assignment': true,
    },
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: 'none',
    charset: 'utf8',
    logLevel: 'warning',
    plugins: [leaveOut()],
  });
  const bundled = Buffer.concat([result.outputFiles[0].contents, Buffer.alloc(1)]);
  mkdirSync(dirname(target), { recursive: true });
  // Not written when it is the same: the files' times decide what is built again.
  if (!existsSync(target) || !readFileSync(target).equals(bundled)) writeFileSync(target, bundled);
}

function leaveOut() {
  const filter = new RegExp(
    `modules/(${LEFT_OUT.map((name) => name.replaceAll('.', '\\.')).join('|')})(\\.js)?$`,
  );
  return {
    name: 'leave-out',
    setup(build) {
      build.onResolve({ filter }, ({ path }) => ({ path, namespace: 'left-out' }));
      build.onLoad({ filter: /.*/, namespace: 'left-out' }, () => ({ contents: '' }));
    },
  };
}
