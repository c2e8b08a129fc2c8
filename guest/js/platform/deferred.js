// The namespace of a module that is evaluated when it is first looked at: what `import defer` gives. Symbols and
// `then`, which promises look for, are nobody's exports.

const { ownKeys, getOwnPropertyDescriptor } = Reflect;
const NO_EXPORT = '__esModule';

function isLikeSymbol(name) {
  return typeof name === 'symbol' || name === 'then';
}

/** What a module of another kind exports is its default export, too. */
function namespaceOf(exported) {
  return exported?.[NO_EXPORT] ? exported : { ...exported, default: exported };
}

/** `load` evaluates the module, or throws what that threw. */
export default function deferred(load) {
  const target = Object.create(null, {
    [Symbol.toStringTag]: { value: 'Deferred Module', configurable: true },
  });
  let namespace;
  const exportsOf = () => {
    namespace ??= namespaceOf(load());
    return namespace;
  };
  const describe = (name) => {
    if (isLikeSymbol(name)) return getOwnPropertyDescriptor(target, name);
    const exported = exportsOf();
    if (name === NO_EXPORT || !Object.hasOwn(exported, name)) return undefined;
    return { value: exported[name], writable: true, enumerable: true, configurable: true };
  };
  return new Proxy(target, {
    get: (_target, name) => describe(name)?.value,
    has: (_target, name) => describe(name) !== undefined,
    getOwnPropertyDescriptor: (_target, name) => describe(name),
    ownKeys: () => {
      const names = ownKeys(exportsOf()).filter((name) => name !== NO_EXPORT && typeof name === 'string');
      return [...names.sort(), Symbol.toStringTag];
    },
    set: () => false,
    defineProperty: (_target, name) => describe(name) === null,
    deleteProperty: (_target, name) => describe(name) === undefined,
    setPrototypeOf: (_target, prototype) => prototype === null,
    preventExtensions: () => false,
  });
}
