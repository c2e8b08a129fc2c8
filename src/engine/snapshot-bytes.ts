/** What the snapshot of a defined function takes of the machine's memory. */

import { addon, typed } from '../addon/addon.js';
import type { Definition } from './definition.js';

/** Memory that a function's snapshot takes, in bytes, however many workers run it. */
export interface SnapshotBytes {
  /**
   * Pages of its own: what its guest changed until it was ready. Functions with equal ones have them
   * together.
   */
  readonly own: number;
  /**
   * Pages of the snapshots it was derived from, which others may be derived from too; untouched ones take
   * none.
   */
  readonly shared: number;
}

/** @throws SnapvmError SNAPVM_SNAPSHOT_CLOSED */
export function snapshotBytes({ derived, target }: Definition): SnapshotBytes {
  const held = target.spec.descriptor.layers.map(({ imageId }) => heldBytes(imageId));
  const own = derived === undefined ? 0 : (held.pop() ?? 0);
  return { own, shared: held.reduce((sum, bytes) => sum + bytes, 0) };
}

function heldBytes(imageId: number): number {
  const image = typed(() => addon().openImage(imageId));
  try {
    return image.heldBytes;
  } finally {
    image.close();
  }
}
