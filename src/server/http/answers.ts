/** Answers to calls: by the kind of function, and by what the client accepts. */

import { isUtf8 } from 'node:buffer';
import { GuestError } from '../../base/errors.js';
import { isBytes, messageOf } from '../../base/realms.js';
import type { LinuxResult } from '../../guests/program-result.js';
import type { Outcome } from './invoke.js';
import { base64Of } from './json.js';
import { BYTES_TYPE, JSON_TYPE } from './media.js';

/** A body, and how the answer says what it is. */
export interface Answer {
  readonly status: 200 | 204;
  readonly type?: string;
  readonly body?: string | Uint8Array;
  readonly exitCode?: number;
}

/** The answer to one call. @throws SnapvmError `SNAPVM_GUEST_UNSUPPORTED` when a value has no JSON */
export function answerOf({ version, value }: Outcome, wantsJson: boolean): Answer {
  if (version.kind === 'linux') return programAnswer(value as LinuxResult, wantsJson);
  if (value === undefined) return { status: 204 };
  if (isBytes(value)) return { status: 200, type: BYTES_TYPE, body: value };
  return { status: 200, type: JSON_TYPE, body: toJson(value) };
}

function programAnswer(result: LinuxResult, wantsJson: boolean): Answer {
  const { exitCode, stdout } = result;
  if (!wantsJson) return { status: 200, type: BYTES_TYPE, body: stdout, exitCode };
  return { status: 200, type: JSON_TYPE, body: JSON.stringify(programJson(result)), exitCode };
}

/** A result of a call as JSON has it, or as base64. */
export type JsonResult =
  | { readonly kind: 'json'; readonly json: string | undefined }
  | { readonly kind: 'bytes'; readonly base64: string };

/** A result as a part of another answer. @throws SnapvmError `SNAPVM_GUEST_UNSUPPORTED` */
export function jsonResultOf({ version, value }: Outcome): JsonResult {
  if (version.kind === 'linux')
    return { kind: 'json', json: JSON.stringify(programJson(value as LinuxResult)) };
  if (isBytes(value)) return { kind: 'bytes', base64: base64Of(value) };
  return { kind: 'json', json: value === undefined ? undefined : toJson(value) };
}

function programJson({ exitCode, signal, stdout, stderr }: LinuxResult): object {
  return {
    exitCode,
    ...(signal !== undefined && { signal }),
    stdout: textOf(stdout),
    stderr: textOf(stderr),
  };
}

/** Text, or base64 of what is none. */
function textOf(bytes: Uint8Array): string | { readonly base64: string } {
  if (!isUtf8(bytes)) return { base64: base64Of(bytes) };
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString();
}

/** @throws SnapvmError `SNAPVM_GUEST_UNSUPPORTED` */
function toJson(value: unknown): string {
  let why = 'it is a function or a symbol';
  try {
    const text = JSON.stringify(value);
    if (typeof text === 'string') return text;
  } catch (error) {
    why = messageOf(error);
  }
  throw new GuestError(
    'SNAPVM_GUEST_UNSUPPORTED',
    `the function answered a value that has no JSON: ${why}; answer JSON or a Uint8Array`,
  );
}
