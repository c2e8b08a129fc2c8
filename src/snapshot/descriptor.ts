/**
 * What goes with a snapshot's memory: everything a worker needs to run it. Plain data: it crosses to workers by
 * structured clone, is hashed, and is stored. `version` changes when its meaning does.
 */
export const DESCRIPTOR_VERSION = 1;

/** The ring a guest runs in: `user` is 3, behind the monitor; `supervisor` is 0. */
export type Privilege = 'user' | 'supervisor';

/** Sizes in bytes; all but `tableBytes` and `inputBytes` of a supervisor guest are whole pages. */
export interface MemoryShape {
  /** The image as mapped at BASE_ADDRESS. */
  readonly imageBytes: number;
  /** Page tables, the tail of the image, which appears in scratch at pt_base_gpa. */
  readonly tableBytes: number;
  /** The monitor, directly after the tables; 0 for a supervisor guest. */
  readonly monitorBytes: number;
  /** Memory of each sandbox beside the image, at the top of the GPA space. */
  readonly scratchBytes: number;
  /** Capacity of the input buffer, header included; it starts at the scratch base. */
  readonly inputBytes: number;
  /** Capacity of the output buffer, header included; it follows the input buffer. */
  readonly outputBytes: number;
}

/** One layer of memory, a sealed memfd named by the id the native registry gave it. */
export interface Layer {
  /** Names the sealed memory file to `native().openImage`. */
  readonly imageId: number;
  /** The GPA of each page of the layer, ascending; absent for the base layer, which is the image and its tail. */
  readonly pages?: Float64Array;
}

/** Registers at entry, canonical: what each machine applies at load (TR type, IOPL, TSC) is left out. */
export interface CanonicalRegisters {
  /** Stack pointer, a GVA. */
  readonly rsp: bigint;
  /** GVA of the PEB. */
  readonly rdi: bigint;
  /** The seed at Initialise; 0 at a call. */
  readonly rsi: bigint;
  /** The page size at Initialise; 0 at a call. */
  readonly rdx: bigint;
  /** The log level at Initialise; 0 at a call. */
  readonly rcx: bigint;
  /** 0x202 in ring 3 (interrupts on), 2 in ring 0. */
  readonly rflags: bigint;
  /** Base address of FS: thread-local storage of the guest's C library. */
  readonly fsBase: bigint;
  /** Base address of GS. */
  readonly gsBase: bigint;
  /** System registers of a supervisor guest as it left them at ready (opaque, hashed); absent before that. */
  readonly system?: Uint8Array;
}

/** Where a snapshot is entered, and what for. */
export interface Entry {
  /** `initialise`: the guest still has to set itself up. `call`: it can be called. */
  readonly kind: 'initialise' | 'call';
  /** GVA of the first instruction. */
  readonly address: bigint;
}

/** What goes with a snapshot's memory: plain data that crosses threads, is hashed, and is stored. */
export interface SnapshotDescriptor {
  /** Of this format. */
  readonly version: typeof DESCRIPTOR_VERSION;
  /** Unique in this process. */
  readonly id: number;
  /** BLAKE3 of the snapshot, hex. */
  readonly hash: string;
  /** The ring it runs in. */
  readonly privilege: Privilege;
  /** Sizes of its parts. */
  readonly memory: MemoryShape;
  /** Its memory: the base first, each further layer over those before it. */
  readonly layers: readonly Layer[];
  /** Where it is entered. */
  readonly entry: Entry;
  /** What the registers are then. */
  readonly registers: CanonicalRegisters;
  /** Names of the exported functions, by index; empty until the guest is ready. */
  readonly functions: readonly string[];
}
