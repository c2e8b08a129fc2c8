/**
 * Imported before all else: fails where a bundler has put snapvm into another program. The addon, the guests and the
 * workers' code are files beside this one, and a bundler leaves them behind.
 */
import { existsSync } from 'node:fs';
import { SnapvmError } from './errors.js';
import { distPath } from './package-files.js';

/** webpack's, in the modules that it bundles. It writes into import.meta.url where a module was, not where it is. */
declare const __webpack_require__: unknown;

/** As the compiler names this file. */
const SELF = /\/dist\/src\/base\/installed\.js$/;

const WORKER = 'workers/entry.cjs';

if (isBundled()) {
  throw new SnapvmError(
    'SNAPVM_HOST_BUNDLED',
    'snapvm was bundled into another program, where it does not find its files: mark it external in the bundler (esbuild: --external:snapvm) and install it beside the program',
  );
}

function isBundled(): boolean {
  if (typeof __webpack_require__ !== 'undefined') return true;
  // esbuild leaves none in a CommonJS module.
  const url: string | undefined = import.meta.url;
  return url === undefined || !SELF.test(url) || !existsSync(distPath(WORKER));
}
