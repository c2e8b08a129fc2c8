// Modules of Node that need a host: they can be imported, and whatever is called of them fails and says what to do.

const { getPrototypeOf } = Object;
/** What programs ask of any module, and no module has. */
const NEVER = [
  'then',
  '__esModule',
  'default',
  'toJSON',
  'prototype',
  'constructor',
  'hasOwnProperty',
  'isPrototypeOf',
];

/** The error of what a guest cannot do. */
export function unavailable(name) {
  const error = new Error(
    `${name} is not there: a function in a guest has no files, no network, no processes and no threads. ` +
      'What it needs of the host are host functions: "await host.name(...)", named in its policy\'s hostFunctions',
  );
  error.code = 'ERR_FEATURE_UNAVAILABLE_ON_PLATFORM';
  return error;
}

/** A function or class that fails when it is used. */
export function missing(name) {
  function fail() {
    throw unavailable(name);
  }
  Object.defineProperty(fail, 'name', { value: name.slice(name.lastIndexOf('.') + 1), configurable: true });
  return fail;
}

/**
 * A module in which every name is a function that fails, but for what `known` has. Bundlers copy a module's own names
 * into an object made from its prototype: so the prototype answers for every name, too.
 */
export function hostModule(module, known = {}) {
  const made = Object.assign(Object.create(null), known);
  const handler = {
    get(_target, name) {
      if (typeof name !== 'string' || (NEVER.includes(name) && !(name in made))) return made[name];
      made[name] ??= missing(`${module}.${name}`);
      return made[name];
    },
    set(_target, name, value) {
      made[name] = value;
      return true;
    },
    has: (_target, name) => typeof name === 'string' && !NEVER.includes(name),
  };
  const anyName = new Proxy(Object.create(null), handler);
  return new Proxy(known, {
    ...handler,
    getPrototypeOf: (target) => (getPrototypeOf(target) === null ? null : anyName),
  });
}
