// What kind of object a value is, by what only such objects can do.
const { apply } = Reflect;
const { getOwnPropertyDescriptor, getPrototypeOf } = Object;

function getter(prototype, name) {
  return getOwnPropertyDescriptor(prototype, name).get;
}

/** Whether a method of a kind accepts the value as its own. */
function brand(method, ...values) {
  return (value) => {
    if (typeof value !== 'object' || value === null) return false;
    try {
      apply(method, value, values);
      return true;
    } catch {
      return false;
    }
  };
}

const kindOfTyped = getter(getPrototypeOf(Uint8Array.prototype), Symbol.toStringTag);
const typed = (kind) => (value) => ArrayBuffer.isView(value) && apply(kindOfTyped, value, []) === kind;
const tagged = (kind) => (value) => Object.prototype.toString.call(value) === `[object ${kind}]`;

const isNumberObject = brand(Number.prototype.valueOf);
const isStringObject = brand(String.prototype.valueOf);
const isBooleanObject = brand(Boolean.prototype.valueOf);
const isSymbolObject = brand(Symbol.prototype.valueOf);
const isBigIntObject = brand(BigInt.prototype.valueOf);
const isArrayBuffer = brand(getter(ArrayBuffer.prototype, 'byteLength'));
const isSharedArrayBuffer =
  typeof SharedArrayBuffer === 'undefined'
    ? () => false
    : brand(getter(SharedArrayBuffer.prototype, 'byteLength'));

const KINDS = [
  'Int8Array',
  'Uint8Array',
  'Uint8ClampedArray',
  'Int16Array',
  'Uint16Array',
  'Int32Array',
  'Uint32Array',
  'Float32Array',
  'Float64Array',
  'BigInt64Array',
  'BigUint64Array',
];

const types = {
  isAnyArrayBuffer: (value) => isArrayBuffer(value) || isSharedArrayBuffer(value),
  isArgumentsObject: (value) => !Array.isArray(value) && tagged('Arguments')(value),
  isArrayBuffer,
  isArrayBufferView: ArrayBuffer.isView,
  isAsyncFunction: (value) => typeof value === 'function' && tagged('AsyncFunction')(value),
  isBigIntObject,
  isBooleanObject,
  isBoxedPrimitive: (value) =>
    [isNumberObject, isStringObject, isBooleanObject, isSymbolObject, isBigIntObject].some((is) => is(value)),
  isCryptoKey: (value) => tagged('CryptoKey')(value),
  isDataView: (value) => ArrayBuffer.isView(value) && apply(kindOfTyped, value, []) === undefined,
  isDate: brand(Date.prototype.getTime),
  isExternal: () => false,
  isGeneratorFunction: (value) =>
    typeof value === 'function' && /Generator/.test(Object.prototype.toString.call(value)),
  isGeneratorObject: (value) => typeof value === 'object' && value !== null && tagged('Generator')(value),
  isKeyObject: () => false,
  isMap: brand(Map.prototype.has, 0),
  isMapIterator: tagged('Map Iterator'),
  isModuleNamespaceObject: (value) => typeof value === 'object' && value !== null && tagged('Module')(value),
  isNativeError: (value) => value instanceof Error && tagged('Error')(value),
  isNumberObject,
  isPromise: (value) => value instanceof Promise,
  // Nothing tells one from what it stands for.
  isProxy: () => false,
  isRegExp: brand(getter(RegExp.prototype, 'source')),
  isSet: brand(Set.prototype.has, 0),
  isSetIterator: tagged('Set Iterator'),
  isSharedArrayBuffer,
  isStringObject,
  isSymbolObject,
  isTypedArray: (value) => ArrayBuffer.isView(value) && apply(kindOfTyped, value, []) !== undefined,
  isWeakMap: brand(WeakMap.prototype.has, {}),
  isWeakSet: brand(WeakSet.prototype.has, {}),
};
for (const kind of KINDS) types[`is${kind}`] = typed(kind);

export default types;
