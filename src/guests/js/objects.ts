/** What objects of the host are, on their way to a guest as a structured clone. */
import { types } from 'node:util';
import type { CloneKind } from './clone/format.js';

const { toString: describe } = Object.prototype;

/** What has state that a clone would not have. */
const REFUSED = [
  types.isPromise,
  types.isWeakMap,
  types.isWeakSet,
  types.isGeneratorObject,
  types.isMapIterator,
  types.isSetIterator,
  types.isSharedArrayBuffer,
  types.isSymbolObject,
  types.isArgumentsObject,
  types.isExternal,
  (value: unknown) => tagOf(value as object) === 'WeakRef',
];

export function kindOf(value: object): CloneKind | undefined {
  if (Array.isArray(value)) return 'array';
  if (types.isMap(value)) return 'map';
  if (types.isSet(value)) return 'set';
  if (types.isDate(value)) return 'date';
  if (types.isRegExp(value)) return 'regexp';
  if (ArrayBuffer.isView(value)) return 'view';
  if (types.isArrayBuffer(value)) return 'buffer';
  if (types.isNativeError(value) || value instanceof DOMException) return 'error';
  if (types.isNumberObject(value)) return 'number';
  if (types.isStringObject(value)) return 'string';
  if (types.isBooleanObject(value)) return 'boolean';
  if (types.isBigIntObject(value)) return 'bigint';
  return REFUSED.some((is) => is(value)) ? undefined : 'object';
}

export function nameOf(value: object): string {
  return types.isPromise(value) ? 'a Promise (await it first)' : `a ${tagOf(value)}`;
}

function tagOf(value: object): string {
  return describe.call(value).slice('[object '.length, -1);
}
