/**
 * What goes with a snapshot's memory: everything a worker needs to run it. Plain data: it crosses to workers by
 * structured clone, is hashed, and is stored. `version` changes when its meaning does.
 */
export const DESCRIPTOR_VERSION = 1;

export type Privilege = 'user' | 'supervisor';

/** Sizes in bytes; all but `tableBytes` and `inputBytes` of a supervisor guest are whole pages. */
export interface MemoryShape {
  /** The image as mapped at BASE_ADDRESS. */
  readonly imageBytes: number;
  /** Page tables, the tail of the image, which appears in scratch at pt_base_gpa. */
  readonly tableBytes: number;
  /** The monitor, directly after the tables; 0 for a supervisor guest. */
  readonly monitorBytes: number;
  readonly scratchBytes: number;
  /** Capacity of the input buffer, header included; it starts at the scratch base. */
  readonly inputBytes: number;
  /** Capacity of the output buffer, header included; it follows the input buffer. */
  readonly outputBytes: number;
}

/** One layer of memory, a sealed memfd named by the id the native registry gave it. */
export interface Layer {
  readonly imageId: number;
  /** The GPA of each page of the layer, ascending; absent for the base layer, which is the image and its tail. */
  readonly pages?: Float64Array;
}

/** Registers at entry, canonical: what each machine applies at load (TR type, IOPL, TSC) is left out. */
export interface CanonicalRegisters {
  readonly rsp: bigint;
  readonly rdi: bigint;
  readonly rsi: bigint;
  readonly rdx: bigint;
  readonly rcx: bigint;
  readonly rflags: bigint;
  readonly fsBase: bigint;
  readonly gsBase: bigint;
  /** System registers of a supervisor guest as it left them at ready (opaque, hashed); absent before that. */
  readonly system?: Uint8Array;
}

export interface Entry {
  /** `initialise`: the guest still has to set itself up. `call`: it can be called. */
  readonly kind: 'initialise' | 'call';
  readonly address: bigint;
}

export interface SnapshotDescriptor {
  readonly version: typeof DESCRIPTOR_VERSION;
  /** Unique in this process. */
  readonly id: number;
  /** BLAKE3 of the snapshot, hex. */
  readonly hash: string;
  readonly privilege: Privilege;
  readonly memory: MemoryShape;
  readonly layers: readonly Layer[];
  readonly entry: Entry;
  readonly registers: CanonicalRegisters;
  /** Names of the exported functions, by index; empty until the guest is ready. */
  readonly functions: readonly string[];
}
