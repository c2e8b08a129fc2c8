/** How calls end that no guest has ended. */

import { SnapvmError } from '../base/errors.js';
import { messageOf } from '../base/realms.js';

/** The error of a call whose worker died. */
export function workerLost(): SnapvmError {
  return new SnapvmError(
    'SNAPVM_ENGINE_WORKER_LOST',
    'the worker thread that had this call died; it was replaced, and whether the guest ran is unknown',
  );
}

/** The error of a call that was aborted. */
export function aborted(signal: AbortSignal | undefined): SnapvmError {
  const options = signal === undefined ? {} : { cause: signal.reason as unknown };
  return new SnapvmError('SNAPVM_CALL_ABORTED', 'the call was aborted by its AbortSignal', {}, options);
}

/** The engine takes no more. */
export function engineClosed(): SnapvmError {
  return new SnapvmError(
    'SNAPVM_ENGINE_CLOSED',
    'the engine was closed; start another one to call functions',
  );
}

/** The error of a call that was too late before it ran. */
export function deadlinePassed(): SnapvmError {
  return new SnapvmError('SNAPVM_CALL_DEADLINE', 'the deadline of the call passed before it could end');
}

/** The error of a call whose input found no memory. */
export function noMemory(cause: unknown): SnapvmError {
  const why = messageOf(cause);
  return new SnapvmError(
    'SNAPVM_HOST_MEMORY',
    `the input cannot be handed to a worker: ${why}`,
    {},
    { cause },
  );
}

/** The error of a call that is one too many. */
export function queueFull(maxQueue: number): SnapvmError {
  return new SnapvmError(
    'SNAPVM_ENGINE_QUEUE_FULL',
    `${maxQueue} calls wait already; call again when some have ended, or raise maxQueue`,
    { maxQueue },
  );
}
