/** Reads the monitor's code, which the guest build makes. */
import { readFile } from 'node:fs/promises';
import { MONITOR, PAGE } from '../base/abi.js';
import { SnapvmError } from '../base/errors.js';
import { distPath } from '../base/package-files.js';

let loaded: Promise<Uint8Array> | undefined;

/** The monitor's pages, read once; not to be written to. @throws SnapvmError SNAPVM_INTERNAL when not built */
export function loadMonitor(): Promise<Uint8Array> {
  loaded ??= readMonitor().catch((error: unknown) => {
    // A failed read is not remembered: the guests may be built meanwhile.
    loaded = undefined;
    throw error;
  });
  return loaded;
}

async function readMonitor(): Promise<Uint8Array> {
  const path = distPath('guest/monitor.bin');
  try {
    return checkMonitor(new Uint8Array(await readFile(path)), path);
  } catch (cause) {
    if (cause instanceof SnapvmError) throw cause;
    throw new SnapvmError(
      'SNAPVM_INTERNAL',
      `the monitor ${path} cannot be read; build it with "npm run build:guests"`,
      { path },
      { cause },
    );
  }
}

/** Checks the monitor's size. @throws SnapvmError SNAPVM_INTERNAL unless it is MONITOR.pages pages */
export function checkMonitor(bytes: Uint8Array, path: string): Uint8Array {
  if (bytes.length !== MONITOR.pages * PAGE) {
    throw new SnapvmError(
      'SNAPVM_INTERNAL',
      `the monitor ${path} has ${bytes.length} bytes instead of ${MONITOR.pages * PAGE}`,
    );
  }
  return bytes;
}

/** The monitor for one guest: its entry block filled in (the bases stay 0). */
export function monitorFor(bytes: Uint8Array, rip: bigint, rdx: bigint): Uint8Array {
  const copy = new Uint8Array(bytes);
  const view = new DataView(copy.buffer);
  view.setBigUint64(MONITOR.entryBlock, rip, true);
  view.setBigUint64(MONITOR.entryBlock + 8, rdx, true);
  return copy;
}
