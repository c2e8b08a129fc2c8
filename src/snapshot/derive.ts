/** Derived snapshots: a guest frozen at ready, as the pages it changed and the registers it is called with. */
import { readFileSync } from 'node:fs';
import { PAGE } from '../config.js';
import { type NativeImage, type NativeReady, native, typed } from '../native.js';
import {
  type CanonicalRegisters,
  DESCRIPTOR_VERSION,
  type Entry,
  type SnapshotDescriptor,
} from './descriptor.js';
import { type HashedPage, hashDerived } from './hash.js';
import { nextSnapshotId } from './ids.js';

/** What a worker found when the guest became ready, or was frozen in a read of its standard input. */
export interface Frozen extends NativeReady {
  readonly kind: 'call' | 'resume';
  readonly functions: readonly string[];
  /** The image that holds the pages. */
  readonly imageId: number;
}

/** A snapshot that enters at Call. */
export interface DerivedSnapshot {
  readonly descriptor: SnapshotDescriptor;
  /** Releases its own pages; those of its parent are the parent's. Idempotent. */
  close(): void;
}

/** @throws SnapvmError SNAPVM_SNAPSHOT_CLOSED when the frozen image is gone */
export async function deriveSnapshot(parent: SnapshotDescriptor, frozen: Frozen): Promise<DerivedSnapshot> {
  const image = typed(() => native().openImage(frozen.imageId));
  try {
    const entry: Entry = { kind: frozen.kind, address: frozen.dispatch };
    const registers: CanonicalRegisters = {
      rsp: frozen.rsp,
      rdi: parent.registers.rdi,
      rsi: 0n,
      rdx: 0n,
      rcx: 0n,
      rflags: parent.registers.rflags,
      fsBase: frozen.fsBase,
      gsBase: frozen.gsBase,
      ...(frozen.system && { system: frozen.system }),
      ...(frozen.frozen && { frozen: frozen.frozen }),
    };
    const { functions, hostState } = frozen;
    const hash = await hashDerived(
      { parentHash: parent.hash, entry, registers, functions, cpuFeatures: cpuFeatures(), hostState },
      pagesOf(image, frozen.pages),
    );
    const descriptor: SnapshotDescriptor = {
      version: DESCRIPTOR_VERSION,
      id: nextSnapshotId(),
      hash,
      privilege: parent.privilege,
      memory: parent.memory,
      layers: [...parent.layers, { imageId: image.id, pages: frozen.pages }],
      entry,
      registers,
      functions,
      ...(parent.linux && { linux: parent.linux }),
      ...(hostState && { hostState }),
    };
    return { descriptor, close: () => image.close() };
  } catch (error) {
    image.close();
    throw error;
  }
}

function* pagesOf(image: NativeImage, gpas: Float64Array): Generator<HashedPage> {
  const bytes = new Uint8Array(PAGE);
  for (const [index, gpa] of gpas.entries()) {
    image.read(index * PAGE, bytes);
    yield { gpa, bytes };
  }
}

let features: string | undefined;

/** What the guest's code may have seen of this processor and acted upon. */
function cpuFeatures(): string {
  features ??= /^flags\s*:\s*(.*)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1] ?? '';
  return features;
}
