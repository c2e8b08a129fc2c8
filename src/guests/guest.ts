/** What a kind of guest is to the engine: how its source becomes a snapshot, and how its calls are made and answered. */

import type { ErrorDetails, SnapvmError } from '../base/errors.js';
import type { BuildInternals } from '../snapshot/build.js';
import type { GuestEnvironment, SnapshotConfig } from '../snapshot/environment.js';
import type { GuestFault, GuestLogs } from '../wire/protocol.js';
import type { JsValue } from './js/values.js';

/** Values to bytes and back, for the calls of one definition. */
export interface Codec {
  /** Options of a call beside those that every call has. */
  readonly callOptions: readonly string[];
  /** The bytes of a call. The caller's own bytes where it gave bytes. @throws SnapvmError `SNAPVM_CONFIG_VALUE` */
  encode(input: unknown, options: Readonly<Record<string, unknown>>): Uint8Array;
  /** @throws SnapvmError `SNAPVM_GUEST_PROTOCOL` when a guest answers nonsense */
  decode(output: Uint8Array<ArrayBuffer>): unknown;
  /** What a code other than 0 of a handler means; absent: the guest alone knows. */
  failed?(code: number, output: Uint8Array, where: string, details: ErrorDetails): SnapvmError;
  /** What a processor exception means, if it is not that the guest is broken. */
  faulted?(fault: GuestFault, where: string, details: ErrorDetails): SnapvmError | undefined;
  /** A line of the guest's log as the logger gets it; absent: as it is. */
  logLine?(text: string): string;
  /** @throws SnapvmError `SNAPVM_GUEST_PROTOCOL` */
  decodeHostCall(payload: Uint8Array): HostArguments;
  /** @throws SnapvmError `SNAPVM_CONFIG_VALUE` for what cannot be answered */
  encodeHostAnswer(answer: unknown): Uint8Array;
}

/** What a guest gives to a host function. */
export interface HostArguments {
  readonly input: Uint8Array;
  /** The values a JavaScript function passed. */
  readonly args: readonly JsValue[];
}

/** A guest that is about to be built. */
export interface Guest {
  readonly environment: GuestEnvironment;
  readonly config: SnapshotConfig;
  readonly internals: BuildInternals;
  readonly codec: Codec;
  /** Of a guest that is made by specialising another one, which becomes ready first. */
  readonly specialise?: { readonly input: Uint8Array; readonly warnings: readonly string[] };
}

/** Logs as the logger gets them. */
export function readLogs(logs: GuestLogs, codec: Codec | undefined): GuestLogs {
  if (codec?.logLine === undefined || logs.lines.length === 0) return logs;
  return {
    ...logs,
    lines: logs.lines.map(({ level, text }) => ({ level, text: codec.logLine?.(text) ?? text })),
  };
}
