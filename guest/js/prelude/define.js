/** Puts a value where a program expects it: writable, and no for-in sees it. */
export function define(target, name, value) {
  Object.defineProperty(target, name, { value, writable: true, enumerable: false, configurable: true });
}

/** Makes a class's methods and accessors what those of the standard are on a global: enumerable, with a tag. */
export function tag(constructor, name) {
  Object.defineProperty(constructor.prototype, Symbol.toStringTag, { value: name, configurable: true });
}
