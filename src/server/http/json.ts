/** JSON from the network, and JSON of values that have no JSON. */

import { isUtf8 } from 'node:buffer';
import { types } from 'node:util';
import type { SnapvmError } from '../../base/errors.js';
import { messageOf } from '../../base/realms.js';
import { badRequest, tooLarge } from './request-error.js';

/** How deep lists and objects may be nested. What reads or writes them may call itself as often. */
const MOST_LEVELS = 512;
/** Lists, objects and what is in them: a million take a fifth of a second, in which nobody else is answered. */
const MOST_PARTS = 1_000_000;
/** Fewer bytes are not looked through: they nest no deeper, and have no more parts. */
const FEW_BYTES = 512;

const [QUOTE, BACKSLASH, COMMA, OPEN_OBJECT, CLOSE_OBJECT] = [0x22, 0x5c, 0x2c, 0x7b, 0x7d];
const SPACE = 0x20;
/** What a bracket lacks to be a brace. */
const TO_BRACE = 0x20;
const [LETTER_U, DIGITS_OF_U] = [0x75, 4];

/** What JSON may have. */
export interface JsonBounds {
  /** Bytes without white space, an escape counted as one. @default any */
  readonly bytes?: number;
  /** Lists, objects, and commas. @default 1000000 */
  readonly parts?: number;
  /** The error when it has more bytes. @default `SNAPVM_SERVER_TOO_LARGE` */
  readonly tooLong?: () => SnapvmError;
  /** Is told how many lists, objects and commas there are, before they are made, unless there are few. */
  readonly counted?: (parts: number) => void;
}

/**
 * Parses JSON, when a look at its bytes has shown that this does not take long. A key `__proto__` becomes a property like
 * others.
 * @throws SnapvmError `SNAPVM_SERVER_REQUEST`, `SNAPVM_SERVER_TOO_LARGE`
 */
export function parseJson(bytes: Uint8Array, what: string, bounds: JsonBounds = {}): unknown {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (!isUtf8(text)) throw badRequest(`${what} is not UTF-8`);
  if (bytes.length > FEW_BYTES) checkJson(bytes, what, bounds);
  try {
    return JSON.parse(text.toString()) as unknown;
  } catch (cause) {
    throw badRequest(`${what} is not JSON: ${messageOf(cause)}`);
  }
}

function checkJson(bytes: Uint8Array, what: string, bounds: JsonBounds): void {
  const { bytes: most = Number.POSITIVE_INFINITY, parts: mostParts = MOST_PARTS, tooLong, counted } = bounds;
  const found = measure(bytes, most, mostParts);
  if (found.levels > MOST_LEVELS) throw badRequest(`${what} is nested more than ${MOST_LEVELS} levels deep`);
  if (found.bytes > most)
    throw tooLong?.() ?? tooLarge(`${what} has more than the ${most} bytes of JSON that are taken`, most);
  if (found.parts > mostParts)
    throw tooLarge(
      `${what} has more than the ${mostParts} lists, objects and commas that are taken`,
      mostParts,
    );
  counted?.(found.parts);
}

interface Measure {
  readonly levels: number;
  readonly parts: number;
  readonly bytes: number;
}

/**
 * What parsing would make, counted up to where it is too much; of what is no JSON, some numbers. It takes some 3 ms
 * a MiB.
 */
function measure(bytes: Uint8Array, most: number, mostParts: number): Measure {
  let deepest = 0;
  let level = 0;
  let parts = 0;
  let counted = 0;
  let inText = false;
  for (let at = 0; at < bytes.length && counted <= most && parts <= mostParts; at++) {
    const byte = bytes[at] as number;
    if (inText) {
      counted += 1;
      if (byte === QUOTE) inText = false;
      else if (byte === BACKSLASH) {
        at += 1;
        if (bytes[at] === LETTER_U) at += DIGITS_OF_U;
      }
      continue;
    }
    if (byte <= SPACE) continue;
    counted += 1;
    if (byte === QUOTE) inText = true;
    else if (byte === COMMA) parts += 1;
    else if ((byte | TO_BRACE) === OPEN_OBJECT) {
      parts += 1;
      level += 1;
      if (level > deepest) deepest = level;
      if (level > MOST_LEVELS) break;
    } else if ((byte | TO_BRACE) === CLOSE_OBJECT) level -= 1;
  }
  return { levels: deepest, parts, bytes: counted };
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
