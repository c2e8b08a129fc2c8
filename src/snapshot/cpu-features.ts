/** What guest code may have seen of this processor, and acted upon. */
import { readFileSync } from 'node:fs';

let features: string | undefined;

/** The flags as the kernel lists them. They are part of a derived snapshot's identity. */
export function cpuFeatures(): string {
  features ??= /^flags\s*:\s*(.*)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1] ?? '';
  return features;
}
