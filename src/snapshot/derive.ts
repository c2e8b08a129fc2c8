/** Derived snapshots: a guest frozen at ready, as the pages it changed and the registers it is called with. */

import type { AddonImage } from '../addon/addon.js';
import { PAGE } from '../base/abi.js';
import { ownValue } from '../base/own-value.js';
import {
  type CanonicalRegisters,
  DESCRIPTOR_VERSION,
  type Entry,
  type SnapshotDescriptor,
} from '../wire/descriptor.js';
import type { FrozenState } from '../wire/frozen.js';
import { cpuFeatures } from './cpu-features.js';
import { type HashedPage, hashDerived } from './hash.js';
import { nextSnapshotId } from './ids.js';
import { shareLayer } from './layers.js';

/** A snapshot that enters at Call. */
export interface DerivedSnapshot {
  /** Of the snapshot it was made from. */
  readonly parentHash: string;
  /** Whether it comes from a store, and nothing ran to make it. */
  readonly loaded: boolean;
  readonly descriptor: SnapshotDescriptor;
  /** How it was frozen. */
  readonly state: FrozenState;
  /** Holds its own pages, in the order of `state.pages`; another snapshot of the same hash may have it too. */
  readonly image: AddonImage;
  /** Releases its own pages; those of its parent are the parent's. Idempotent. */
  close(): void;
}

/** Takes `image` over, which has the pages of the frozen guest. */
export async function deriveSnapshot(
  parent: SnapshotDescriptor,
  state: FrozenState,
  image: AddonImage,
): Promise<DerivedSnapshot> {
  try {
    return derivedOf(parent, state, image, await hashFrozen(parent, state, image));
  } catch (error) {
    image.close();
    throw error;
  }
}

/** The hash of what `derivedOf` gives, from pages that are in `image`. */
export function hashFrozen(
  parent: SnapshotDescriptor,
  state: FrozenState,
  image: AddonImage,
): Promise<string> {
  const { functions, hostState } = state;
  return hashDerived(
    {
      parentHash: parent.hash,
      entry: entryOf(state),
      registers: registersOf(parent, state),
      functions,
      cpuFeatures: cpuFeatures(),
      hostState,
    },
    pagesOf(image, state.pages),
  );
}

/** Takes `image` over, which is closed with the snapshot, or at once if another of that hash is alive. */
export function derivedOf(
  parent: SnapshotDescriptor,
  state: FrozenState,
  image: AddonImage,
  hash: string,
  loaded = false,
): DerivedSnapshot {
  const layer = shareLayer(hash, image);
  const { functions, hostState } = state;
  const linux = ownValue(parent, 'linux');
  const descriptor: SnapshotDescriptor = {
    version: DESCRIPTOR_VERSION,
    id: nextSnapshotId(),
    hash,
    privilege: parent.privilege,
    memory: parent.memory,
    layers: [...parent.layers, { imageId: layer.image.id, pages: state.pages }],
    entry: entryOf(state),
    registers: registersOf(parent, state),
    functions,
    ...(linux && { linux }),
    ...(hostState && { hostState }),
  };
  return {
    parentHash: parent.hash,
    loaded,
    descriptor,
    state,
    image: layer.image,
    close: () => layer.release(),
  };
}

function entryOf({ kind, dispatch }: FrozenState): Entry {
  return { kind, address: dispatch };
}

function registersOf(parent: SnapshotDescriptor, state: FrozenState): CanonicalRegisters {
  return {
    rsp: state.rsp,
    rdi: parent.registers.rdi,
    rsi: 0n,
    rdx: 0n,
    rcx: 0n,
    rflags: parent.registers.rflags,
    fsBase: state.fsBase,
    gsBase: state.gsBase,
    ...(state.system && { system: state.system }),
    ...(state.frozen && { frozen: state.frozen }),
  };
}

function* pagesOf(image: AddonImage, gpas: Float64Array): Generator<HashedPage> {
  const bytes = new Uint8Array(PAGE);
  for (const [index, gpa] of gpas.entries()) {
    image.read(index * PAGE, bytes);
    yield { gpa, bytes };
  }
}
