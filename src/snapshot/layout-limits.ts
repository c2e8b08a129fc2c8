/** Computes how large scratch must be, and makes the errors for what does not fit. */
import { DEFAULT_MEMORY, MAX_IMAGE_BYTES, PAGE } from '../base/abi.js';
import { SnapvmError } from '../base/errors.js';
import { hex, roundUp } from '../base/numbers.js';
import type { Privilege } from '../wire/descriptor.js';

/** The sizes that a layout is computed from, in bytes. */
export interface SizeRequest {
  /** The ring the guest runs in. */
  readonly privilege: Privilege;
  /** Not rounded; `undefined` when there is none. */
  readonly initData?: { readonly bytes: number; readonly flags: number } | undefined;
  readonly inputBytes: number;
  readonly outputBytes: number;
  readonly heapBytes: number;
  readonly stackBytes: number;
  /** `undefined`: as much as is needed, but no less than the default. */
  readonly scratchBytes?: number | undefined;
  /** Page frames for what is mapped at run time, in whole pages. @default 0 */
  readonly frameBytes?: number;
}

/** Scratch beyond buffers and tables that every guest gets: monitor or stack, exception stack, metadata. */
const FREE_SCRATCH_BYTES = 12 * PAGE;

/**
 * The size of scratch. A supervisor guest's tables map scratch and stand in it, so its least size is a fixed point:
 * a larger scratch never needs fewer tables, hence going up from the smallest finds the least one.
 */
export function fitScratch(
  request: SizeRequest,
  bufferBytes: number,
  tableBytesFor: (scratchBytes: number) => number,
): number {
  const configured = request.scratchBytes === undefined ? undefined : roundUp(request.scratchBytes);
  const needFor = (scratch: number): number =>
    bufferBytes +
    FREE_SCRATCH_BYTES +
    (request.frameBytes ?? 0) +
    tableBytesFor(Math.min(scratch, MAX_IMAGE_BYTES));
  let scratch = configured === undefined ? DEFAULT_MEMORY.scratchBytes : 0;
  for (let need = needFor(scratch); need > scratch; need = needFor(scratch)) {
    scratch = need;
    if (scratch > MAX_IMAGE_BYTES) {
      throw new SnapvmError(
        'SNAPVM_SNAPSHOT_TOO_LARGE',
        `scratch would need ${hex(scratch)} bytes (inputBytes ${hex(request.inputBytes)}, outputBytes ${hex(request.outputBytes)}, page tables${request.frameBytes === undefined ? '' : `, heapBytes ${hex(request.frameBytes)}`}); it has at most ${hex(MAX_IMAGE_BYTES)}`,
      );
    }
  }
  if (configured === undefined) return scratch;
  // A larger scratch than the least may need a table more than that one did.
  const need = Math.max(scratch, needFor(configured));
  if (configured >= need) return configured;
  throw new SnapvmError(
    'SNAPVM_CONFIG_VALUE',
    `scratchBytes is ${hex(request.scratchBytes ?? 0)}; with these buffers and page tables it must be ${hex(need)} to ${hex(MAX_IMAGE_BYTES)}`,
    { option: 'scratchBytes', minimum: need },
  );
}

export function tooLarge(request: SizeRequest, imageBytes: number, limit: number): SnapvmError {
  const initBytes = roundUp(request.initData?.bytes ?? 0);
  const sizes = `heapBytes ${hex(request.heapBytes)}, ${request.privilege === 'user' ? `stackBytes ${hex(request.stackBytes)}, ` : ''}initData ${hex(initBytes)}`;
  if (initBytes > 0 && imageBytes - initBytes <= limit) {
    return new SnapvmError(
      'SNAPVM_SNAPSHOT_INIT_DATA',
      `initData of ${hex(request.initData?.bytes ?? 0)} bytes is larger than the memory left for it: the image would have ${hex(imageBytes)} bytes (${sizes}) of at most ${hex(limit)}`,
    );
  }
  return new SnapvmError(
    'SNAPVM_SNAPSHOT_TOO_LARGE',
    `the image would have ${hex(imageBytes)} bytes (${sizes}, the rest is the ELF) of at most ${hex(limit)}`,
  );
}
