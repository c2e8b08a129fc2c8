/**
 * The guest ABI in numbers: addresses, sizes and ports. native/abi.h and guest/monitor/layout.h hold the same
 * numbers for C++ and assembly; test/snapshot/abi.test.ts proves the three equal.
 */
export const GUEST_ABI = 1;
export const PAGE = 0x1000;

/** First guest physical address of the image; page 0 stays unmapped so that a null GPA is never valid. */
export const BASE_ADDRESS = 0x1000;
export const KERNEL_HIGH_BASE = 0xffff_ffff_8000_0000n;
export const MAX_GPA = 0xf_ffff_ffff;
export const MAX_GVA = 0xffff_ffff_ffff_efffn;
/** The supervisor stack top, below the exception metadata at the top of scratch. */
export const EXCEPTION_STACK_TOP = 0xffff_ffff_ffff_efd0n;

/** Where the parts of a user guest appear (GVA). */
export const USER = {
  execMin: 0x1_0000n,
  execMax: 0x4000_0000_0000n,
  dynBase: 0x5000_0000_0000n,
  peb: 0x5800_0000_0000n,
  input: 0x5801_0000_0000n,
  output: 0x5802_0000_0000n,
  initData: 0x5803_0000_0000n,
  heap: 0x5810_0000_0000n,
  /** What a Linux guest maps at run time. */
  map: 0x5820_0000_0000n,
  stackEnd: 0x5fff_ffff_0000n,
} as const;

/** The monitor: three pages at KERNEL_HIGH_BASE (descriptor tables and stubs, exception stack, user stub). */
export const MONITOR = {
  pages: 3,
  /** Offset of the user-readable, read-only page, from the start of the monitor. */
  userStub: 0x2000,
  /** Ring 3 enters the guest here: the stub puts the FPU back and jumps to the entry block's address. */
  entryPkru: 0x2040,
  entryStub: 0x2080,
  /** Entry block `{u64 rip, u64 rdx, u64 fsBase, u64 gsBase, u64 rax}`, read by the entry stub. */
  entryBlock: 0x2100,
} as const;

/** What Initialise gets in rsi: fixed, so that the same snapshot is built every time. */
export const INITIALISE_SEED = 0x736e_6170_766d_0001n;
/** What Initialise gets in rcx: 0 off, 1 error, 2 warn, 3 info, 4 debug, 5 trace. */
export const LOG_LEVEL = 3;

export const MIN_BUFFER_BYTES = 0x2000;
/** No image may exceed the 2 GiB high window. */
export const MAX_IMAGE_BYTES = 0x8000_0000;
/** Messages: both buffers start with a header of this many bytes. */
export const MESSAGE_HEADER_BYTES = 64;

/** Default sizes of Linux guests, in bytes: memory for brk and mappings, stack, input, output of a call. */
export const LINUX_MEMORY = {
  heapBytes: 0x400_0000,
  stackBytes: 0x80_0000,
  inputBytes: 0x400_0000,
  outputBytes: 0x40_0000,
} as const;

/** Default sizes, in bytes. */
export const DEFAULT_MEMORY = {
  inputBytes: 0x4000,
  outputBytes: 0x4000,
  heapBytes: 0x2_0000,
  stackBytes: 0x4_0000,
  scratchBytes: 0x4_8000,
} as const;
