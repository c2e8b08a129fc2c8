/** The processor's features, which guest code may have seen and adapted to. */
import { readFileSync } from 'node:fs';
import { systemError } from '../base/errno.js';
import { SnapvmError } from '../base/errors.js';

const LIST = '/proc/cpuinfo';

let features: string | undefined;

/** The flags as the kernel lists them. They are part of a derived snapshot's identity. @throws SnapvmError SNAPVM_HOST_DENIED */
export function cpuFeatures(): string {
  features ??= /^flags\s*:\s*(.*)$/m.exec(readList())?.[1] ?? '';
  return features;
}

function readList(): string {
  try {
    return readFileSync(LIST, 'utf8');
  } catch (cause) {
    const message = `${LIST} cannot be read: ${systemError(cause).reason}; snapvm needs /proc, to know the processor that a snapshot is for`;
    throw new SnapvmError('SNAPVM_HOST_DENIED', message, {}, { cause });
  }
}
