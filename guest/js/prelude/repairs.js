// What the engine and core-js do otherwise than the language and the web say.
import { methods } from './define.js';

export function installRepairs() {
  // Whoever has it expects Atomics, and a second thread.
  delete globalThis.SharedArrayBuffer;
  repairSet();
  repairHref();
}

/** `set` of numbers of another kind that lie in the same memory: it would read what it has already written. */
function repairSet() {
  const prototype = Object.getPrototypeOf(Uint8Array.prototype);
  const native = prototype.set;
  const { slice } = prototype;
  const get = (name) => Object.getOwnPropertyDescriptor(prototype, name).get;
  const [tag, buffer] = [get(Symbol.toStringTag), get('buffer')];
  const { apply } = Reflect;
  methods(prototype, {
    set(source, ...rest) {
      const kind = apply(tag, source, []);
      const overlaps =
        kind !== undefined &&
        apply(tag, this, []) !== kind &&
        apply(buffer, this, []) === apply(buffer, source, []);
      return apply(native, this, [overlaps ? apply(slice, source, []) : source, ...rest]);
    },
  });
}

/** A URL that was given a bad `href` keeps the one it has. */
function repairHref() {
  const { get, set } = Object.getOwnPropertyDescriptor(URL.prototype, 'href');
  Object.defineProperty(URL.prototype, 'href', {
    get,
    set(value) {
      set.call(this, new URL(value).href);
    },
    enumerable: true,
    configurable: true,
  });
}
