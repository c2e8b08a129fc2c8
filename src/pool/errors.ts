/** The errors of calls that end otherwise than by their guest. */

import type { StopSignal } from '../base/abort.js';
import { SnapvmError } from '../base/errors.js';
import { messageOf } from '../base/realms.js';
import type { CallReply, InitialiseReply } from '../wire/protocol.js';

/** The error of a call whose worker died. */
export function workerLost(): SnapvmError {
  return new SnapvmError(
    'SNAPVM_ENGINE_WORKER_LOST',
    'the worker thread that had this call died; it was replaced, and whether the guest ran is unknown',
  );
}

/** The error of a call that was aborted. */
export function aborted(signal: StopSignal | undefined): SnapvmError {
  const options = signal === undefined ? {} : { cause: signal.reason };
  return new SnapvmError('SNAPVM_CALL_ABORTED', 'the call was aborted by its AbortSignal', {}, options);
}

/** The error of a call to an engine that is closed. */
export function engineClosed(): SnapvmError {
  return new SnapvmError(
    'SNAPVM_ENGINE_CLOSED',
    'the engine was closed; start another one to call functions',
  );
}

/** The error of a call whose deadline has passed. */
export function deadlinePassed(): SnapvmError {
  return new SnapvmError('SNAPVM_CALL_DEADLINE', 'the deadline of the call passed before it could end');
}

/** The error of a call for whose input there is no memory. */
export function noMemory(cause: unknown): SnapvmError {
  const why = messageOf(cause);
  return new SnapvmError(
    'SNAPVM_HOST_MEMORY',
    `the input cannot be handed to a worker: ${why}`,
    {},
    { cause },
  );
}

/** The error of a call for which the queue has no room. */
export function queueFull(maxQueue: number): SnapvmError {
  return new SnapvmError(
    'SNAPVM_ENGINE_QUEUE_FULL',
    `${maxQueue} calls wait already; call again when some have ended, or raise maxQueue`,
    { maxQueue },
  );
}

/** Whether the guest was stopped for good, which is meant for its thread and not for the call. */
export function isStoppedByClose(reply: CallReply | InitialiseReply): boolean {
  if (reply.ok || reply.failure.kind !== 'exit') return false;
  const { exit } = reply.failure;
  return exit.kind === 'stopped' && exit.reason === 'close';
}
