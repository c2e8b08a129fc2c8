/**
 * Values as bytes, on their way to a JavaScript guest and back: a tag, then 0 nothing (undefined) · 1 JSON ·
 * 2 bytes · 3 `{u32 length, JSON, bytes…}`, where in the JSON U+0001 and "offset,length" stand for bytes, and
 * a string that begins with U+0001 is written with one more. JSON for the guest ends with a NUL, as its
 * parser wants it. guest/js/values.c is the other side.
 */
import { types } from 'node:util';
import { invalidOption } from '../../base/checks.js';
import { GuestError, SnapvmError } from '../../base/errors.js';
import { show } from '../../base/numbers.js';
import { isBytes, messageOf } from '../../base/realms.js';
import type { Steps } from '../../base/slices.js';
import type { JsValue } from '../value.js';
import { firstOfList, jsonSteps, parseJson } from './json-steps.js';

const TAG = { nothing: 0, json: 1, bytes: 2, mixed: 3 } as const;
const MARK = '\u0001';
/** A text that begins with it, in JSON. */
const WRITTEN_MARK = '"\\u0001';
const PLACE = new RegExp(`^${MARK}(\\d{1,10}),(\\d{1,10})$`);
const KINDS = 'a JSON value, a Uint8Array or undefined, or made of these';
/** Deeper values, and those that contain themselves, are left to the slower way, which says what is wrong. */
const PLAIN_DEPTH = 200;

const ENCODER = new TextEncoder();
const NOTHING = new Uint8Array([TAG.nothing]);

/**
 * @param option What the value is called when it cannot be sent.
 * @throws SnapvmError `SNAPVM_CONFIG_VALUE`
 */
export function encodeValue(value: unknown, option: string): Uint8Array {
  if (value === undefined) return NOTHING;
  if (isBytes(value)) return encodeBytes(value, option);
  // The tag of JSON and its NUL are characters of one byte.
  if (isPlain(value, 0)) return ENCODER.encode(`\x01${JSON.stringify(value)}\0`);
  return encodeMixed(value, option);
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

/** Whether JSON says all there is to say about a value. */
function isPlain(value: unknown, depth: number): boolean {
  switch (typeof value) {
    case 'string':
    case 'number':
    case 'boolean':
      return true;
    case 'object':
      return value === null || (depth < PLAIN_DEPTH && isPlainObject(value, depth));
    default:
      return false;
  }
}

function isPlainObject(value: object, depth: number): boolean {
  if (Array.isArray(value)) {
    for (const part of value) if (!isPlain(part, depth + 1)) return false;
    return true;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if ((prototype !== Object.prototype && prototype !== null) || 'toJSON' in value) return false;
  for (const key in value) {
    const part = (value as Record<string, unknown>)[key];
    if (part !== undefined && !isPlain(part, depth + 1)) return false;
  }
  return true;
}

function encodeMixed(value: unknown, option: string): Uint8Array {
  const blobs: Uint8Array[] = [];
  const json = toJson(value, blobs, option);
  if (json === undefined) return NOTHING;
  const text = ENCODER.encode(`${json}\0`);
  const head = 1 + Uint32Array.BYTES_PER_ELEMENT;
  const length = blobs.reduce((sum, blob) => sum + blob.length, head + text.length);
  const encoded = new Uint8Array(length);
  encoded[0] = TAG.mixed;
  new DataView(encoded.buffer).setUint32(1, text.length, true);
  encoded.set(text, head);
  let at = head + text.length;
  for (const blob of blobs) {
    encoded.set(blob, at);
    at += blob.length;
  }
  return encoded;
}

/** Undefined for what JSON knows no text for. */
function toJson(value: unknown, blobs: Uint8Array[], option: string): string | undefined {
  let room = 0;
  const replace = function (this: unknown, key: string, given: unknown): unknown {
    // A Buffer has a toJSON() of its own, which was called by now.
    const own: unknown = typeof this === 'object' && this !== null ? Reflect.get(this, key) : given;
    if (isBytes(own)) {
      const bytes = new Uint8Array(own);
      blobs.push(bytes);
      const place = `${MARK}${room},${bytes.length}`;
      room += bytes.length;
      return place;
    }
    if (typeof given === 'string') return given.startsWith(MARK) ? MARK + given : given;
    refuse(given, key, option);
    return given;
  };
  try {
    return JSON.stringify(value, replace);
  } catch (cause) {
    if (cause instanceof SnapvmError) throw cause;
    const reason = messageOf(cause).split('\n', 1)[0];
    throw new SnapvmError(
      'SNAPVM_CONFIG_VALUE',
      `${option} cannot be sent to a guest: ${reason}; it must be ${KINDS}`,
      { option },
      { cause },
    );
  }
}

/** What JSON would leave out, or take for an empty object, without a word. */
function refuse(value: unknown, key: string, option: string): void {
  const kind = unsuitable(value);
  if (kind === undefined) return;
  const where = key === '' ? option : `a value in ${option}, at the key ${show(key)},`;
  throw new SnapvmError('SNAPVM_CONFIG_VALUE', `${where} is ${kind}; it must be ${KINDS}`, { option });
}

function unsuitable(value: unknown): string | undefined {
  switch (typeof value) {
    case 'bigint':
      return `the BigInt ${show(value)}`;
    case 'function':
      return 'a function';
    case 'symbol':
      return 'a symbol';
    case 'object':
      break;
    default:
      return undefined;
  }
  if (types.isPromise(value)) return 'a Promise (await it first)';
  if (types.isMap(value)) return 'a Map';
  if (types.isSet(value)) return 'a Set';
  if (types.isDataView(value)) return 'a DataView';
  if (types.isTypedArray(value)) return `a ${value[Symbol.toStringTag]}`;
  if (types.isSharedArrayBuffer(value)) return 'a SharedArrayBuffer';
  return types.isArrayBuffer(value) ? 'an ArrayBuffer' : undefined;
}

/** The value of what a guest sent, which may be anything. @throws SnapvmError `SNAPVM_GUEST_PROTOCOL` */
export function decodeValue(bytes: Uint8Array): JsValue {
  try {
    switch (bytes[0]) {
      case TAG.json:
        return parseJson(bytes.subarray(1));
      case TAG.mixed: {
        const { json, restore } = readMixed(bytes);
        return restore(parseJson(json));
      }
      default:
        return decodeShort(bytes);
    }
  } catch (cause) {
    throw noValue(cause);
  }
}

/** The same in steps, for what may be long. @throws SnapvmError `SNAPVM_GUEST_PROTOCOL` */
export function* decodeSteps(bytes: Uint8Array): Steps<JsValue> {
  try {
    switch (bytes[0]) {
      case TAG.json:
        return yield* jsonSteps(bytes.subarray(1), (part) => part);
      case TAG.mixed: {
        const { json, restore } = readMixed(bytes);
        return yield* jsonSteps(json, restore);
      }
      default:
        return decodeShort(bytes);
    }
  } catch (cause) {
    throw noValue(cause);
  }
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

interface Mixed {
  readonly json: Uint8Array;
  /** Puts the bytes, and the strings, back into a part of the JSON. */
  readonly restore: (part: JsValue) => JsValue;
}

function readMixed(bytes: Uint8Array): Mixed {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const head = 1 + Uint32Array.BYTES_PER_ELEMENT;
  const end = head + view.getUint32(1, true);
  if (end > bytes.length) throw new RangeError('its JSON is longer than all of it');
  const blobs = bytes.subarray(end);
  // Each byte counts once, so that a short text cannot stand for very many bytes.
  let left = blobs.length;
  const restoreText = (text: string): JsValue => {
    if (!text.startsWith(MARK)) return text;
    if (text[1] === MARK) return text.slice(1);
    const [, offset, length] = PLACE.exec(text) ?? [];
    const [from, count] = [Number(offset), Number(length)];
    left -= count;
    if (!(left >= 0 && from + count <= blobs.length)) throw new RangeError('bytes in it lie outside of it');
    return blobs.slice(from, from + count);
  };
  return { json: bytes.subarray(head, end), restore: (part) => replaceTexts(part, restoreText) };
}

/** Puts what `replace` gives in place of every string of a value, however deep it is. */
function replaceTexts(value: JsValue, replace: (text: string) => JsValue): JsValue {
  if (typeof value === 'string') return replace(value);
  const containers: object[] = [];
  const replaced = (part: JsValue): JsValue => {
    if (typeof part === 'string') return replace(part);
    if (typeof part === 'object' && part !== null) containers.push(part);
    return part;
  };
  replaced(value);
  for (let container = containers.pop(); container !== undefined; container = containers.pop()) {
    if (Array.isArray(container)) {
      for (let i = 0; i < container.length; i++) container[i] = replaced(container[i]);
      continue;
    }
    // Each is a property of its own, even "__proto__", so that no setter is called.
    const fields = container as Record<string, JsValue>;
    for (const key of Object.keys(fields)) {
      const part = fields[key];
      const given = replaced(part);
      if (given !== part) fields[key] = given;
    }
  }
  return value;
}

/**
 * The JSON of the first of the values that a guest sent as a list, as the guest wrote it; undefined where bytes
 * are in it, which JSON has no text for, or beside bytes a text that looks as if it stood for some.
 */
export function* firstJson(list: Uint8Array): Steps<Uint8Array | undefined> {
  if (list[0] !== TAG.mixed) return yield* firstOfList(list.subarray(1));
  const first = yield* firstOfList(readMixed(list).json);
  return Buffer.from(first.buffer).includes(WRITTEN_MARK) ? undefined : first;
}
