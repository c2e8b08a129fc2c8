/** The rules of JSON.stringify for values, and which values JSON says whole. */
import { types } from 'node:util';
import { SnapvmError } from '../../base/errors.js';
import { show } from '../../base/numbers.js';
import { isBytes, messageOf } from '../../base/realms.js';

/** The beginning of a text that stands for bytes, or that is written with one more of it. */
const MARK = '\u0001';
const KINDS = 'a JSON value, a Uint8Array or undefined, or made of these';
/** Deeper values, and those that contain themselves, are left to the slower way, which says what is wrong. */
const PLAIN_DEPTH = 200;
const { keys } = Object;

/**
 * Whether JSON says all there is to say about a value.
 * @param met Objects that were met. With it nothing may get lost; without it what JSON.stringify drops does.
 */
export function isPlain(value: unknown, met?: Set<object>, depth = 0): boolean {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return true;
    case 'number':
      return met === undefined || (value - value === 0 && (value !== 0 || 1 / value > 0));
    case 'object':
      return value === null || (depth < PLAIN_DEPTH && isPlainObject(value, met, depth));
    default:
      return false;
  }
}

function isPlainObject(value: object, met: Set<object> | undefined, depth: number): boolean {
  if (met?.has(value)) return false;
  met?.add(value);
  if (Array.isArray(value)) {
    // With as many keys as places each place is there, or one is missing and found below.
    if (met !== undefined && (keys(value).length !== value.length || 'toJSON' in value)) return false;
    for (const part of value) if (!isPlain(part, met, depth + 1)) return false;
    return true;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if ((prototype !== Object.prototype && prototype !== null) || 'toJSON' in value) return false;
  for (const key in value) {
    const part = (value as Record<string, unknown>)[key];
    const isDropped = part === undefined && met === undefined;
    if (!isDropped && !isPlain(part, met, depth + 1)) return false;
  }
  return true;
}

/** JSON, or what it says with the Uint8Arrays that are in it. */
export type ByJson = { readonly json: string | undefined } | { readonly value: unknown };

/**
 * A value by the rules of JSON.stringify, which knows no text for some.
 * @throws SnapvmError `SNAPVM_CONFIG_VALUE` for what it would leave out, or take for an empty object, without a word
 */
export function byJson(value: unknown, option: string): ByJson {
  const found: Uint8Array[] = [];
  const json = stringify(value, found, option);
  if (found.length === 0 || json === undefined) return { json: json && unmarked(json) };
  return {
    value: JSON.parse(json, (_key, part: unknown) => {
      if (typeof part !== 'string' || !part.startsWith(MARK)) return part;
      return part[1] === MARK ? part.slice(1) : found[Number(part.slice(1))];
    }),
  };
}

/** JSON in which no bytes were found. Every mark in it was written by `stringify`. */
function unmarked(json: string): string {
  return json.includes('"\\u0001\\u0001') ? json.replaceAll('"\\u0001\\u0001', '"\\u0001') : json;
}

function stringify(value: unknown, found: Uint8Array[], option: string): string | undefined {
  const replace = function (this: unknown, key: string, given: unknown): unknown {
    // A Buffer has a toJSON() of its own, which was called by now.
    const own: unknown = typeof this === 'object' && this !== null ? Reflect.get(this, key) : given;
    if (isBytes(own)) return MARK + (found.push(own) - 1);
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
