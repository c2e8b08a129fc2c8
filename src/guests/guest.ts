/**
 * What a kind of guest is to the engine: how its source becomes a snapshot, and how its calls are made and
 * answered.
 */

import type { ErrorDetails, SnapvmError } from '../base/errors.js';
import type { JsValue } from '../base/js-value.js';
import type { BuildInternals } from '../snapshot/build.js';
import type { GuestEnvironment, SnapshotConfig } from '../snapshot/environment.js';
import type { GuestFault, GuestLog, RunLimits, SandboxOptions } from '../wire/protocol.js';

/** Turns values into bytes and back, for the calls of one definition. */
export interface Codec {
  /** The options of a call beside those that every call has. */
  readonly callOptions: readonly string[];
  /**
   * Gives the bytes of a call: the caller's own where it gave bytes.
   * @throws SnapvmError `SNAPVM_CONFIG_VALUE`
   */
  encode(input: unknown, options: Readonly<Record<string, unknown>>): Uint8Array;
  /**
   * Reads an answer: at once, or what takes long in slices (a promise; no answer is one).
   * @throws SnapvmError `SNAPVM_GUEST_PROTOCOL` when it is nonsense
   */
  decode(output: Uint8Array<ArrayBuffer>): unknown;
  /** What takes the output of a program while it runs, of the options that `encode` has checked; absent: nothing. */
  takeOutput?(options: Readonly<Record<string, unknown>>): ((bytes: Uint8Array) => unknown) | undefined;
  /** What it means when a handler returns a code other than 0; absent: only the guest knows. */
  failed?(code: number, output: Uint8Array, where: string, details: ErrorDetails): SnapvmError;
  /** What a processor exception means, unless it means that the guest is broken. */
  faulted?(fault: GuestFault, where: string, details: ErrorDetails): SnapvmError | undefined;
  /** What it means that the guest ended before it could be called, if that is no fault of the engine's. */
  endedEarly?(output: Uint8Array, name: string): SnapvmError;
  /** Gives lines of the guest's log as the logger gets them; absent: lines stay as they are. */
  logLines?(lines: readonly GuestLog[]): readonly GuestLog[];
  /** Reads what a guest gives to a host function, as `decode` does. @throws SnapvmError `SNAPVM_GUEST_PROTOCOL` */
  decodeHostCall(payload: Uint8Array): HostArguments | Promise<HostArguments>;
  /**
   * Gives the bytes of a host function's answer.
   * @throws SnapvmError `SNAPVM_CONFIG_VALUE` for what cannot be answered
   */
  encodeHostAnswer(answer: unknown): Uint8Array;
}

/** What a guest gives to a host function. */
export interface HostArguments {
  readonly input: Uint8Array;
  /** The values a JavaScript function passed. */
  readonly args: readonly JsValue[];
}

/** A source that was read and checked: what its snapshot is built from. */
export interface PreparedGuest {
  readonly environment: GuestEnvironment;
  readonly config: SnapshotConfig;
  readonly internals: BuildInternals;
  /** Present for a guest that is made by specialising a runtime, which becomes ready first. */
  readonly specialise?: Specialisation;
}

/** What makes a guest of a runtime that is ready. */
export interface Specialisation {
  readonly input: Uint8Array;
  /** What is odd about the source, for the log. */
  readonly warnings: readonly string[];
  readonly runtime: RuntimeRun;
}

/** How a runtime becomes ready. Many functions share it, so no policy of one of them counts. */
export interface RuntimeRun {
  /** What messages and logs call it. */
  readonly name: string;
  readonly limits: RunLimits;
  readonly options: SandboxOptions;
}

/** A guest that is about to be built. */
export interface Guest extends PreparedGuest {
  readonly codec: Codec;
}
