// Bundles what a JavaScript function finds beside the engine (guest/js/prelude/) into one script, which the runtime
// evaluates before its snapshot is taken: dist/guest/js/prelude.js, ended by a NUL as the engine wants it.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

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
    target: 'esnext',
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: 'none',
    charset: 'utf8',
    logLevel: 'warning',
  });
  const bundled = Buffer.concat([result.outputFiles[0].contents, Buffer.alloc(1)]);
  mkdirSync(dirname(target), { recursive: true });
  // Not written when it is the same: the files' times decide what is built again.
  if (!existsSync(target) || !readFileSync(target).equals(bundled)) writeFileSync(target, bundled);
}
