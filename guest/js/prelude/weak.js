// Weak references that are strong: a call's memory is gone with the call, so nothing is ever collected too late.
import { define, tag } from './define.js';

export function installWeak() {
  define(globalThis, 'WeakRef', WeakRef);
  define(globalThis, 'FinalizationRegistry', FinalizationRegistry);
  allowSymbols(WeakMap, ['get', 'set', 'has', 'delete'], () => new Map());
  allowSymbols(WeakSet, ['add', 'has', 'delete'], () => new Set());
}

function checkTarget(target) {
  const kind = typeof target;
  if ((kind === 'object' && target !== null) || kind === 'function') return;
  if (kind === 'symbol' && Symbol.keyFor(target) === undefined) return;
  throw new TypeError('the target must be an object or a symbol that is not registered');
}

class WeakRef {
  #target;

  constructor(target) {
    checkTarget(target);
    this.#target = target;
  }

  deref() {
    return this.#target;
  }
}

class FinalizationRegistry {
  #cleanup;

  constructor(cleanup) {
    if (typeof cleanup !== 'function') throw new TypeError('FinalizationRegistry: cleanup must be callable');
    this.#cleanup = cleanup;
  }

  register(target, held) {
    checkTarget(target);
    if (target === held) throw new TypeError('FinalizationRegistry: target and held value must differ');
  }

  unregister(token) {
    checkTarget(token);
    return this.#cleanup === undefined;
  }
}

tag(WeakRef, 'WeakRef');
tag(FinalizationRegistry, 'FinalizationRegistry');

/** Symbols as keys (ES2023), which the engine refuses. */
function allowSymbols(constructor, methods, createStore) {
  const { prototype } = constructor;
  const stores = new WeakMap();
  const getStore = WeakMap.prototype.get;
  const setStore = WeakMap.prototype.set;
  for (const name of methods) {
    const native = prototype[name];
    const method = {
      [name](key, ...rest) {
        if (typeof key !== 'symbol' || Symbol.keyFor(key) !== undefined)
          return native.call(this, key, ...rest);
        native.call(this, prototype); // refuses what is no such collection
        let store = getStore.call(stores, this);
        if (store === undefined) {
          store = createStore();
          setStore.call(stores, this, store);
        }
        const result = store[name](key, ...rest);
        return result === store ? this : result;
      },
    }[name];
    define(prototype, name, method);
  }
}
