/** The processor's features, which guest code may have seen and adapted to. */
import { readFileSync } from 'node:fs';
import { shortage, systemError } from '../base/errno.js';
import { SnapvmError } from '../base/errors.js';

const LIST = '/proc/cpuinfo';

let features: string | undefined;

/** The flags as the kernel lists them. They are part of a derived snapshot's identity. @throws SnapvmError SNAPVM_HOST_DENIED, SNAPVM_HOST_MEMORY */
export function cpuFeatures(): string {
  features ??= /^flags\s*:\s*(.*)$/m.exec(readList())?.[1] ?? '';
  return features;
}

function readList(): string {
  try {
    return readFileSync(LIST, 'utf8');
  } catch (cause) {
    const failed = `${LIST} cannot be read`;
    const short = shortage(cause, failed);
    if (short !== undefined) throw short;
    const message = `${failed}: ${systemError(cause).reason}; snapvm needs /proc, to know the processor that a snapshot is for`;
    throw new SnapvmError('SNAPVM_HOST_DENIED', message, {}, { cause });
  }
}
