/** The runtime that JavaScript functions are derived from, as the guest build leaves it. */
import { readFile } from 'node:fs/promises';
import { MIN_BUFFER_BYTES } from '../../base/abi.js';
import { SnapvmError } from '../../base/errors.js';
import { distPath } from '../../base/package-files.js';
import type { GuestEnvironment, SnapshotConfig } from '../../snapshot/environment.js';
import type { RuntimeRun } from '../guest.js';

/** Sizes for JavaScript functions where the policy gives none, in bytes. */
export const JS_MEMORY = {
  heapBytes: 0x400_0000,
  stackBytes: 0x80_0000,
  inputBytes: 0x10_0000,
  outputBytes: 0x10_0000,
} as const satisfies SnapshotConfig;

/** Below these the runtime cannot set itself up. */
export const JS_LEAST = {
  heapBytes: 0x80_0000,
  stackBytes: 0x4_0000,
  inputBytes: MIN_BUFFER_BYTES,
  outputBytes: MIN_BUFFER_BYTES,
} as const satisfies SnapshotConfig;

/** How the runtime becomes ready. Its library takes a while on a slow machine. */
export const JS_RUNTIME = {
  name: 'the JavaScript runtime',
  limits: { timeoutMs: 60_000, cpuMs: 0 },
  options: { maxExits: 1_000_000, maxLogBytes: 65_536, verifyRestore: false },
} as const satisfies RuntimeRun;

let loaded: Promise<GuestEnvironment> | undefined;

/** Reads the runtime, once. @throws SnapvmError `SNAPVM_INTERNAL` when it is not built */
export function loadJsRuntime(): Promise<GuestEnvironment> {
  loaded ??= Promise.all([read('runtime.elf'), read('prelude.js')]).then(
    ([elf, initData]) => ({ elf, initData }),
    (error: unknown) => {
      // A failed read is not remembered: the guests may be built meanwhile.
      loaded = undefined;
      throw error;
    },
  );
  return loaded;
}

async function read(name: string): Promise<Uint8Array> {
  const path = distPath(`guest/js/${name}`);
  try {
    return await readFile(path);
  } catch (cause) {
    throw new SnapvmError(
      'SNAPVM_INTERNAL',
      `the JavaScript runtime's ${path} cannot be read; build it with "npm run build"`,
      { path },
      { cause },
    );
  }
}
