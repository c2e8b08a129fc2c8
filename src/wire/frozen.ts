/** A guest that was frozen when it was ready: plain data, which crosses threads and is stored. */

/** What the addon captured of a guest: the pages it changed, and the registers with which it goes on. */
export interface CapturedState {
  /** The GPA of each changed page, ascending. */
  readonly pages: Float64Array;
  /** GVA of the first instruction. */
  readonly dispatch: bigint;
  /** Stack pointer, a GVA. */
  readonly rsp: bigint;
  /** Base address of FS. */
  readonly fsBase: bigint;
  /** Base address of GS. */
  readonly gsBase: bigint;
  /** System registers; of supervisor guests only. */
  readonly system?: Uint8Array;
  /** All general registers; of a Linux program that was frozen in a system call. */
  readonly frozen?: Uint8Array;
  /** What the host remembers for the guest; of Linux guests only. */
  readonly hostState?: Uint8Array;
}

/** A frozen guest, but for the contents of its pages. */
export interface FrozenState extends CapturedState {
  /** How it goes on: `call` calls one of its functions, `resume` continues a Linux program in its read of input. */
  readonly kind: 'call' | 'resume';
  /** The names of its functions, by index. */
  readonly functions: readonly string[];
}

/** A frozen guest, whose pages are in an image of this process. */
export interface FrozenGuest extends FrozenState {
  /** The id of that image, which `addon().openImage` opens. */
  readonly imageId: number;
}
