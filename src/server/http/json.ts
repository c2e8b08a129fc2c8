/** JSON from the network, and JSON of values that have no JSON. */

import { isUtf8 } from 'node:buffer';
import { types } from 'node:util';
import { messageOf } from '../../base/realms.js';
import { badRequest, tooLarge } from './request-error.js';

/** How deep lists and objects may be nested. What reads or writes them may call itself as often. */
const MOST_LEVELS = 512;
/**
 * What a text may have of lists, objects and commas. Nobody else is answered while it is parsed, and an empty object of
 * three bytes takes twenty times as many in memory: a body of 60 MB that was made of them held the server up for many
 * seconds, and took gigabytes.
 */
const MOST_PARTS = 2_000_000;

const [QUOTE, BACKSLASH, OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT, COMMA] = [
  0x22, 0x5c, 0x5b, 0x5d, 0x7b, 0x7d, 0x2c,
];

/**
 * Parses JSON. A key `__proto__` becomes a property like others.
 * @throws SnapvmError `SNAPVM_SERVER_REQUEST`, `SNAPVM_SERVER_TOO_LARGE`
 */
export function parseJson(bytes: Uint8Array, what: string): unknown {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (!isUtf8(text)) throw badRequest(`${what} is not UTF-8`);
  checkShape(bytes, what);
  try {
    return JSON.parse(text.toString()) as unknown;
  } catch (cause) {
    throw badRequest(`${what} is not JSON: ${messageOf(cause)}`);
  }
}

/**
 * Looks through JSON, or lines of it, before it is parsed: of what is no JSON it says nothing.
 * @throws SnapvmError `SNAPVM_SERVER_REQUEST`, `SNAPVM_SERVER_TOO_LARGE`
 */
export function checkShape(bytes: Uint8Array, what: string): void {
  // Fewer bytes cannot nest as deep; most inputs are short, and are not looked through.
  if (bytes.length <= MOST_LEVELS) return;
  let parts = 0;
  let level = 0;
  let inText = false;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (inText) {
      if (byte === BACKSLASH) at += 1;
      else if (byte === QUOTE) inText = false;
    } else if (byte === QUOTE) inText = true;
    else if (byte === COMMA) parts += 1;
    else if (byte === OPEN_LIST || byte === OPEN_OBJECT) {
      parts += 1;
      level += 1;
      if (level > MOST_LEVELS) throw badRequest(`${what} is nested more than ${MOST_LEVELS} levels deep`);
    } else if (byte === CLOSE_LIST || byte === CLOSE_OBJECT) level -= 1;
    if (parts > MOST_PARTS) throw tooMany(what);
  }
}

function tooMany(what: string): Error {
  const message = `${what} has more than the ${MOST_PARTS} lists, objects and commas that are taken; send bytes, or less at a time`;
  return tooLarge(message, MOST_PARTS);
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
