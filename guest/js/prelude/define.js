/** Puts a value where a program expects it: writable, and no for-in sees it. */
export function define(target, name, value) {
  Object.defineProperty(target, name, { value, writable: true, enumerable: false, configurable: true });
}

/** Puts a function where the language has one: with its name and length. */
export function method(target, name, length, run) {
  const shown = typeof name === 'symbol' ? `[${name.description}]` : name;
  Object.defineProperty(run, 'name', { value: shown, configurable: true });
  Object.defineProperty(run, 'length', { value: length, configurable: true });
  define(target, name, run);
}

/** Puts an object's methods where the language has some: they are no constructors, as `function` makes them. */
export function methods(target, functions) {
  for (const name of Reflect.ownKeys(functions)) define(target, name, functions[name]);
}

/** Gives the instances of a class a tag. */
export function tag(constructor, name) {
  Object.defineProperty(constructor.prototype, Symbol.toStringTag, { value: name, configurable: true });
}
