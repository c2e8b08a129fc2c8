/** Ready snapshots: from the store if it has them, else made, and then saved. */
import type { AddonImage } from '../addon/addon.js';
import { type DerivedSnapshot, deriveSnapshot } from '../snapshot/derive.js';
import type { SnapshotDescriptor } from '../wire/descriptor.js';
import type { FrozenState } from '../wire/frozen.js';
import { type BecameReady, keyOf } from './format.js';
import type { SnapshotStore } from './store.js';

/** A frozen guest, before it is a snapshot. */
export interface Made {
  readonly state: FrozenState;
  /** Its pages; whoever has this closes it. */
  readonly image: AddonImage;
}

/** A ready snapshot, and the key under which the store has it; none without a store. */
export interface ReadySnapshot extends DerivedSnapshot {
  readonly storeKey: string | undefined;
}

/**
 * The snapshot that comes of `parent` when it is initialised, run to its first read, or specialised with `input`.
 * `make` does that; what it throws is thrown. Once this has resolved, the snapshot is durable in the store, or the
 * store has told that it could not be saved.
 */
export async function readySnapshot(
  store: SnapshotStore | undefined,
  parent: SnapshotDescriptor,
  how: BecameReady,
  input: Uint8Array,
  make: () => Promise<Made>,
): Promise<ReadySnapshot> {
  const key = keyOf(parent.hash, how, input);
  const loaded = await store?.load(key, parent);
  const storeKey = store && key;
  if (loaded !== undefined) return { ...loaded, storeKey };
  const { state, image } = await make();
  const derived = await deriveSnapshot(parent, state, image);
  await store?.save(key, derived);
  return { ...derived, storeKey };
}
