/**
 * What goes with a snapshot's memory: everything a worker needs to run it. Plain data: it crosses to workers by
 * structured clone, is hashed, and is stored. `version` changes when its meaning does.
 */
export const DESCRIPTOR_VERSION = 3;

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
  /** Page frames for what a Linux guest maps at run time, in scratch, directly after the monitor; else 0. */
  readonly frameBytes: number;
  /** A Linux guest's files, which stand behind the monitor in the memory file and which no guest sees; else 0. */
  readonly fileBytes: number;
}

/** One layer of memory, a sealed memfd named by the id that the addon gave it. */
export interface Layer {
  /** Names the sealed memory file to `addon().openImage`. */
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
  /** All general registers of a program that was frozen in a system call (opaque, hashed). */
  readonly frozen?: Uint8Array;
}

/**
 * `initialise`: the guest still has to set itself up. `call`: it can be called. `start`: a Linux program, which every
 * call runs from its beginning. `resume`: a Linux program that was frozen when it first read its standard input.
 */
export type EntryKind = 'initialise' | 'call' | 'start' | 'resume';

/** What the one function of a Linux program is called. */
export const PROGRAM_FUNCTION = 'main';

/** Where a snapshot is entered, and what for. */
export interface Entry {
  /** What happens there. */
  readonly kind: EntryKind;
  /** GVA of the first instruction. */
  readonly address: bigint;
}

/** What a Linux guest finds when it starts; addresses are GVAs. */
export interface LinuxSpec {
  /** The arguments (argv); the first is the program's name. */
  readonly args: readonly string[];
  /** The environment, each as `NAME=value`. */
  readonly env: readonly string[];
  /** Absolute path of the program in its own file tree: what /proc/self/exe leads to. */
  readonly path: string;
  /** Absolute path of the working directory. */
  readonly cwd: string;
  /** AT_ENTRY, AT_PHDR, AT_PHENT, AT_PHNUM. */
  readonly entry: bigint;
  /** Address of the program headers, 0 when none are loaded. */
  readonly headers: bigint;
  /** Bytes of each program header. */
  readonly headerBytes: number;
  /** How many program headers there are. */
  readonly headerCount: number;
  /** First address of brk. */
  readonly brk: bigint;
  /** How far brk may move. Its page tables exist. */
  readonly brkBytes: number;
  /** Where mappings may be: first address, and bytes. Its page tables exist. */
  readonly mapBase: bigint;
  /** Bytes of that range. */
  readonly mapBytes: number;
  /** One past the highest address of the stack. */
  readonly stackEnd: bigint;
  /** Size of the stack. */
  readonly stackBytes: number;
  /** Where a guest of the SDK finds its buffers; 0 for any other program. */
  readonly peb: bigint;
  /** Nanoseconds since 1970 at which the clock stands; absent: the real clock. */
  readonly clockNs?: bigint;
  /** Bytes of standard output and error that one call may write, together. */
  readonly outputBytes: number;
  /** Bytes of input, arguments included, that one call may have. */
  readonly inputBytes: number;
}

/** What goes with a snapshot's memory: plain data that crosses threads, is hashed, and is stored. */
export interface SnapshotDescriptor {
  /** The version of this format. */
  readonly version: typeof DESCRIPTOR_VERSION;
  /** The snapshot's number, unique in this process. */
  readonly id: number;
  /** BLAKE3 of the snapshot, hex. */
  readonly hash: string;
  /** The processor's ring that the guest runs in. */
  readonly privilege: Privilege;
  /** The sizes of its memory's parts. */
  readonly memory: MemoryShape;
  /** Its memory: the base first, each further layer over those before it. */
  readonly layers: readonly Layer[];
  /** Where it is entered. */
  readonly entry: Entry;
  /** The registers at entry. */
  readonly registers: CanonicalRegisters;
  /** Names of the exported functions, by index; empty until the guest is ready. */
  readonly functions: readonly string[];
  /** How the guest's Linux system calls are answered; absent: they are not. The same for all that derive from it. */
  readonly linux?: LinuxSpec;
  /** What the host remembers of a Linux guest that was frozen: descriptors, brk, mappings, handlers (opaque, hashed). */
  readonly hostState?: Uint8Array;
}
