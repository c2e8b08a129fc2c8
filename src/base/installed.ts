/**
 * Fails where a bundler has put snapvm into another program; imported before everything else. The addon, the
 * guests and the workers' code are files beside this one, and a bundler leaves them behind.
 */
import { existsSync } from 'node:fs';
import { SnapvmError } from './errors.js';
import { distPath } from './package-files.js';

/**
 * A variable of webpack's bundles, where import.meta.url names the place a module had before it was bundled.
 */
declare const __webpack_require__: unknown;

/** How the path of this file ends once it is compiled. */
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
  // In a CommonJS bundle of esbuild it is undefined.
  const url: string | undefined = import.meta.url;
  return url === undefined || !SELF.test(url) || !existsSync(distPath(WORKER));
}
