// globalThis and what hangs on it.
export default () => {
  globalThis.__probe = 41;
  const seen = __probe + 1;
  const had = '__probe' in globalThis;
  delete globalThis.__probe;
  const d = Object.getOwnPropertyDescriptor(globalThis, 'globalThis');
  const fixed = ['undefined', 'NaN', 'Infinity'].map((n) => {
    const p = Object.getOwnPropertyDescriptor(globalThis, n);
    return [p.writable, p.enumerable, p.configurable];
  });
  const names =
    'Array ArrayBuffer Atomics BigInt BigInt64Array BigUint64Array Boolean DataView Date Error EvalError FinalizationRegistry Float32Array Float64Array Function Int16Array Int32Array Int8Array JSON Map Math Number Object Promise Proxy RangeError ReferenceError Reflect RegExp Set String Symbol SyntaxError TypeError URIError Uint16Array Uint32Array Uint8Array Uint8ClampedArray WeakMap WeakRef WeakSet AggregateError decodeURI decodeURIComponent encodeURI encodeURIComponent escape eval isFinite isNaN parseFloat parseInt unescape'.split(
      ' ',
    );
  return {
    seen,
    had,
    gone: typeof __probe,
    desc: [d.writable, d.enumerable, d.configurable, d.value === globalThis],
    fixed,
    missing: names.filter((n) => !(n in globalThis)),
    enumerable: names.filter((n) => Object.getOwnPropertyDescriptor(globalThis, n)?.enumerable),
    self: globalThis.globalThis === globalThis,
    lengths: names
      .filter((n) => typeof globalThis[n] === 'function')
      .map((n) => globalThis[n].length)
      .join(''),
  };
};
