/**
 * What is kept of an asynchronous call, and how it looks on disk: a JSON list of two. The first line has the record
 * and is read when the server starts; the rest has the result, which may be large.
 */

import { open } from 'node:fs/promises';
import { isoTime } from '../../../base/globals.js';

export const STATES = ['queued', 'running', 'succeeded', 'failed', 'cancelled', 'lost'] as const;
export type CallState = (typeof STATES)[number];

/** An asynchronous call. Times are milliseconds since 1970. */
export interface CallRecord {
  readonly id: string;
  readonly tenant: string;
  readonly function: string;
  readonly version: string;
  readonly revision: number;
  readonly state: CallState;
  readonly createdMs: number;
  readonly endedMs?: number;
  readonly expiresMs?: number;
}

/** Longer than any record. */
const HEAD_BYTES = 4096;
const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export function hasEnded({ state }: CallRecord): boolean {
  return state !== 'queued' && state !== 'running';
}

/** The file of a record; `result` is a JSON object: `{}`, or with `result`, `resultBase64` or `problem`. */
export function fileOf(record: CallRecord, result: string): Uint8Array {
  return Buffer.from(`[${JSON.stringify(record)},\n${result}]`);
}

/** The result in a file; `undefined` if it is none of `fileOf`. */
export function resultIn(file: Uint8Array): string | undefined {
  const newline = file.indexOf(10);
  if (newline < 0 || file.at(-1) !== 0x5d) return undefined;
  return Buffer.from(file.buffer, file.byteOffset + newline + 1, file.length - newline - 2).toString();
}

/** A record as clients see it; `result` as `fileOf` takes it. */
export function answerText(record: CallRecord, result: string): string {
  const { tenant: _, createdMs, endedMs, expiresMs, ...shown } = record;
  const text = JSON.stringify({
    ...shown,
    createdAt: isoTime(createdMs),
    ...(endedMs !== undefined && { endedAt: isoTime(endedMs) }),
    ...(expiresMs !== undefined && { expiresAt: isoTime(expiresMs) }),
  });
  return result === '{}' ? text : `${text.slice(0, -1)},${result.slice(1)}`;
}

/** Reads the record of a file, and the file's size; `undefined` if it has none. */
export async function readRecord(path: string): Promise<{ record: CallRecord; bytes: number } | undefined> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    const record = recordIn(buffer.subarray(0, bytesRead));
    return record === undefined ? undefined : { record, bytes: size };
  } finally {
    await file.close();
  }
}

function recordIn(head: Buffer): CallRecord | undefined {
  const end = head.indexOf(',\n');
  if (end < 0 || head[0] !== 0x5b) return undefined;
  try {
    const given: unknown = JSON.parse(head.subarray(1, end).toString());
    return isRecord(given) ? given : undefined;
  } catch {
    return undefined;
  }
}

function isRecord(given: unknown): given is CallRecord {
  if (typeof given !== 'object' || given === null) return false;
  const {
    id,
    tenant,
    function: name,
    version,
    revision,
    state,
    createdMs,
    endedMs,
    expiresMs,
  } = given as Partial<Record<keyof CallRecord, unknown>>;
  const texts = [tenant, name, version].every((text) => typeof text === 'string');
  const times = [createdMs, endedMs ?? 0, expiresMs ?? 0, revision].every((time) => Number.isFinite(time));
  return typeof id === 'string' && ID.test(id) && texts && times && STATES.includes(state as CallState);
}
