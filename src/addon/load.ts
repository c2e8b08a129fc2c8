/** Loads the addon: one that was built from source here, else the one that the package carries. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { SnapvmError } from '../base/errors.js';
import { distPath } from '../base/package-files.js';

/** Where `npm ci` in a checkout, or `snapvm build`, puts it. */
const BUILT = '../build/Release/snapvm.node';

/** Where the package carries one (scripts/prebuild). */
const PREBUILT = 'addon/linux-x64-glibc.node';

/** Loads it. @throws SnapvmError SNAPVM_HOST_ADDON */
export function loadAddon(): unknown {
  const require = createRequire(import.meta.url);
  const files = [BUILT, PREBUILT].map(distPath);
  let cause: unknown;
  for (const file of files.filter((name) => existsSync(name))) {
    try {
      return require(file);
    } catch (error) {
      cause = error;
    }
  }
  throw new SnapvmError('SNAPVM_HOST_ADDON', whyNot(cause), {}, { cause });
}

function whyNot(cause: unknown): string {
  if (!hasGlibc()) {
    return 'snapvm needs glibc, and this Node runs on another C library (Alpine has musl): use an image with glibc, such as node:22-slim';
  }
  const what = cause instanceof Error ? `does not load (${cause.message})` : 'is missing';
  return `the native addon ${what}; build it with "npx snapvm build", which needs a C++ compiler, make and python3`;
}

function hasGlibc(): boolean {
  const { header } = process.report.getReport() as { header: { glibcVersionRuntime?: string } };
  return header.glibcVersionRuntime !== undefined;
}
