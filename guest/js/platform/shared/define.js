/** Puts a value where a program expects it: writable, and no for-in sees it. */
export function define(target, name, value) {
  Object.defineProperty(target, name, { value, writable: true, enumerable: false, configurable: true });
}

/** Gives the instances of a class a tag. */
export function tag(Class, name) {
  Object.defineProperty(Class.prototype, Symbol.toStringTag, { value: name, configurable: true });
}

/** Makes values global. */
export function install(values) {
  for (const [name, value] of Object.entries(values)) define(globalThis, name, value);
}
