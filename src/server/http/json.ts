/** JSON from the network, and JSON of values that have no JSON. */

import { isUtf8 } from 'node:buffer';
import { types } from 'node:util';
import { messageOf } from '../../base/realms.js';
import { badRequest } from './request-error.js';

/** How deep lists and objects may be nested. What reads or writes them may call itself as often. */
const MOST_LEVELS = 512;

const [QUOTE, BACKSLASH, OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [
  0x22, 0x5c, 0x5b, 0x5d, 0x7b, 0x7d,
];

/**
 * Parses JSON. A key `__proto__` becomes a property like others.
 * @throws SnapvmError `SNAPVM_SERVER_REQUEST`
 */
export function parseJson(bytes: Uint8Array, what: string): unknown {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (!isUtf8(text)) throw badRequest(`${what} is not UTF-8`);
  // Fewer bytes cannot nest as deep; most inputs are short, and are not looked through.
  if (bytes.length > MOST_LEVELS && levels(bytes) > MOST_LEVELS)
    throw badRequest(`${what} is nested more than ${MOST_LEVELS} levels deep`);
  try {
    return JSON.parse(text.toString()) as unknown;
  } catch (cause) {
    throw badRequest(`${what} is not JSON: ${messageOf(cause)}`);
  }
}

/** How deep lists and objects are nested; of what is no JSON, some number. */
function levels(bytes: Uint8Array): number {
  let deepest = 0;
  let level = 0;
  let inText = false;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (inText) {
      if (byte === BACKSLASH) at += 1;
      else if (byte === QUOTE) inText = false;
    } else if (byte === QUOTE) inText = true;
    else if (byte === OPEN_LIST || byte === OPEN_OBJECT) {
      level += 1;
      if (level > deepest) deepest = level;
    } else if (byte === CLOSE_LIST || byte === CLOSE_OBJECT) level -= 1;
  }
  return deepest;
}

/** What is written of a value: an object that is in it a million times is in memory once. */
const MOST_VALUES = 500_000;
const MOST_CHARACTERS = 16 * 2 ** 20;

/**
 * JSON of what a guest made, which may be any value: what has no JSON is written as text of it, or left out. So is what
 * comes after 500,000 values or some 16 MiB of text. It never throws.
 */
export function jsonText(value: unknown): string {
  const open: object[] = [];
  let values = 0;
  let characters = 0;
  const write = function (this: unknown, _key: string, given: unknown): unknown {
    values += 1;
    if (typeof given === 'string') characters += given.length;
    if (values > MOST_VALUES || characters > MOST_CHARACTERS) return undefined;
    if (typeof given === 'bigint') return given.toString();
    if (typeof given !== 'object' || given === null) return given;
    while (open.length > 0 && open.at(-1) !== this) open.pop();
    if (open.includes(given) || open.length >= MOST_LEVELS) return undefined;
    open.push(given);
    if (types.isMap(given) || types.isSet(given)) {
      const entries = [...given];
      open.push(entries);
      return entries;
    }
    return ArrayBuffer.isView(given) ? { base64: base64Of(given) } : given;
  };
  return JSON.stringify(value, write);
}

export function base64Of({ buffer, byteOffset, byteLength }: ArrayBufferView): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString('base64');
}
