/**
 * Values as bytes, on their way to a JavaScript guest and back: a tag, then 0 nothing (undefined) · 1 JSON ·
 * 2 bytes · 3 `{u32 length, JSON, bytes…}`, a table of what JSON does not say (clone/format.ts). JSON for the guest
 * ends with a NUL, as its parser wants it. guest/js/values.c is the other side.
 */

import { withoutStack } from '../../base/call-site.js';
import { invalidOption } from '../../base/checks.js';
import { GuestError, SnapvmError } from '../../base/errors.js';
import type { JsValue } from '../../base/js-value.js';
import { isBytes, messageOf } from '../../base/realms.js';
import { atOnce, type Steps } from '../../base/slices.js';
import { checkCrowding } from './clone/crowding.js';
import { type DecodeOptions, decodeClone } from './clone/decode.js';
import { type Encoded, encodeClone, UnsuitableValue } from './clone/encode.js';
import { byJson, isPlain } from './json-rules.js';
import { jsonSteps, parseJson } from './json-steps.js';
import { kindOf, nameOf } from './objects.js';

/** By which rules values are sent: those of a structured clone, or of JSON.stringify. */
export type ValueRules = 'clone' | 'json';

/** Gives an error that came from a guest its stack. */
export type StackOf = DecodeOptions['stackOf'];

const TAG = { nothing: 0, json: 1, bytes: 2, table: 3 } as const;
const KINDS = 'what a structured clone can have';
const TO_GUEST = { kindOf, nameOf, stacks: false } as const;

const ENCODER = new TextEncoder();
const NOTHING = new Uint8Array([TAG.nothing]);

/**
 * @param option What the value is called when it cannot be sent.
 * @throws SnapvmError `SNAPVM_CONFIG_VALUE`
 */
export function encodeValue(value: unknown, option: string, rules: ValueRules): Uint8Array {
  try {
    return encode(value, option, rules);
  } catch (cause) {
    if (cause instanceof SnapvmError) throw cause;
    // What a getter or a proxy threw.
    const reason = messageOf(cause).split('\n', 1)[0];
    const message = `${option} cannot be sent to a guest: ${reason}; it must be ${KINDS}`;
    throw new SnapvmError('SNAPVM_CONFIG_VALUE', message, { option }, { cause });
  }
}

function encode(value: unknown, option: string, rules: ValueRules): Uint8Array {
  if (value === undefined) return NOTHING;
  if (isBytes(value)) return encodeBytes(value, option);
  if (isPlain(value, rules === 'json' ? undefined : new Set())) return encodeJson(JSON.stringify(value));
  if (rules === 'clone') return encodeTable(value, option);
  const given = byJson(value, option);
  if ('value' in given) return encodeTable(given.value, option);
  return given.json === undefined ? NOTHING : encodeJson(given.json);
}

function encodeJson(json: string): Uint8Array {
  // The tag of JSON and its NUL are characters of one byte.
  return ENCODER.encode(`\x01${json}\0`);
}

function encodeBytes(value: Uint8Array, option: string): Uint8Array {
  const { length } = value;
  if (length === 0 && isDetached(value)) throw invalidOption(option, 'a view on a detached buffer', KINDS);
  const encoded = new Uint8Array(1 + length);
  encoded[0] = TAG.bytes;
  encoded.set(value.subarray(0, length), 1);
  return encoded;
}

function isDetached({ buffer }: Uint8Array): boolean {
  try {
    return new Uint8Array(buffer, 0, 0).length > 0;
  } catch {
    return true;
  }
}

function encodeTable(value: unknown, option: string): Uint8Array {
  const { json, bytes } = clone(value, option);
  const text = ENCODER.encode(`${json}\0`);
  const head = 1 + Uint32Array.BYTES_PER_ELEMENT;
  const length = bytes.reduce((sum, part) => sum + part.length, head + text.length);
  const encoded = new Uint8Array(length);
  encoded[0] = TAG.table;
  new DataView(encoded.buffer).setUint32(1, text.length, true);
  encoded.set(text, head);
  let at = head + text.length;
  for (const part of bytes) {
    encoded.set(part, at);
    at += part.length;
  }
  return encoded;
}

function clone(value: unknown, option: string): Encoded {
  try {
    return encodeClone(value, TO_GUEST);
  } catch (cause) {
    if (!(cause instanceof UnsuitableValue)) throw cause;
    const where = cause.path === '' ? option : `a value in ${option}, at ${cause.path},`;
    throw new SnapvmError('SNAPVM_CONFIG_VALUE', `${where} is ${cause.message}; it must be ${KINDS}`, {
      option,
    });
  }
}

/** The value of what a guest sent, which may be anything. @throws SnapvmError `SNAPVM_GUEST_PROTOCOL` */
export function decodeValue(bytes: Uint8Array, stackOf: StackOf): JsValue {
  try {
    switch (bytes[0]) {
      case TAG.json:
        return parseJson(bytes.subarray(1));
      case TAG.table: {
        const { json, blobs } = readTable(bytes);
        return atOnce(cloneSteps(parseJson(json), blobs, stackOf));
      }
      default:
        return decodeShort(bytes);
    }
  } catch (cause) {
    throw noValue(cause);
  }
}

/** The same in steps, for what may be long. @throws SnapvmError `SNAPVM_GUEST_PROTOCOL` */
export function* decodeSteps(bytes: Uint8Array, stackOf: StackOf): Steps<JsValue> {
  try {
    switch (bytes[0]) {
      case TAG.json:
        return yield* jsonSteps(bytes.subarray(1));
      case TAG.table: {
        const { json, blobs } = readTable(bytes);
        return yield* cloneSteps(yield* jsonSteps(json), blobs, stackOf);
      }
      default:
        return decodeShort(bytes);
    }
  } catch (cause) {
    throw noValue(cause);
  }
}

function cloneSteps(table: JsValue, blobs: Uint8Array, stackOf: StackOf): Steps<JsValue> {
  return decodeClone(table, blobs, { stackOf, checkKeys: checkCrowding, withoutStack }) as Steps<JsValue>;
}

function noValue(cause: unknown): GuestError {
  const reason = messageOf(cause);
  return new GuestError('SNAPVM_GUEST_PROTOCOL', `what the guest sent is no value: ${reason}`, {}, { cause });
}

/** What takes no time. */
function decodeShort(bytes: Uint8Array): JsValue {
  switch (bytes[0]) {
    case TAG.nothing:
      return undefined;
    case TAG.bytes:
      return new Uint8Array(bytes.subarray(1));
    default:
      throw new RangeError(bytes.length === 0 ? 'it is empty' : `its tag is ${bytes[0]}`);
  }
}

function readTable(bytes: Uint8Array): { readonly json: Uint8Array; readonly blobs: Uint8Array } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const head = 1 + Uint32Array.BYTES_PER_ELEMENT;
  const end = head + view.getUint32(1, true);
  if (end > bytes.length) throw new RangeError('its JSON is longer than all of it');
  return { json: bytes.subarray(head, end), blobs: bytes.subarray(end) };
}

/** Whether a guest sent JSON only. */
export function isJson(bytes: Uint8Array): boolean {
  return bytes[0] === TAG.json;
}
