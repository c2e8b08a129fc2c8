// Weak references that are strong: a call's memory is gone with the call, so nothing is ever collected too late.
import { define, tag } from './define.js';

const { apply } = Reflect;
const { add, delete: remove } = WeakSet.prototype;

export function installWeak() {
  define(globalThis, 'WeakRef', WeakRef);
  define(globalThis, 'FinalizationRegistry', FinalizationRegistry);
}

function checkTarget(target) {
  const kind = typeof target;
  if ((kind === 'object' && target !== null) || kind === 'function') return;
  if (kind === 'symbol' && Symbol.keyFor(target) === undefined) return;
  throw new TypeError('the target must be an object or a symbol that is not registered');
}

/** Whether it is one of these: the engine has no class for them. */
export function isWeak(value) {
  return isWeakRef(value) || isRegistry(value);
}

class WeakRef {
  static has = (value) => #target in value;
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
  static has = (value) => #tokens in value;
  /** Of what was registered and can be taken back. */
  #tokens;

  constructor(cleanup) {
    if (typeof cleanup !== 'function') throw new TypeError('FinalizationRegistry: cleanup must be callable');
    this.#tokens = new WeakSet();
  }

  register(target, held, ...rest) {
    const token = rest[0];
    const tokens = this.#tokens;
    checkTarget(target);
    if (Object.is(target, held))
      throw new TypeError('FinalizationRegistry: target and held value must differ');
    if (token === undefined) return;
    checkTarget(token);
    apply(add, tokens, [token]);
  }

  unregister(token) {
    const tokens = this.#tokens;
    checkTarget(token);
    return apply(remove, tokens, [token]);
  }
}

const { has: isWeakRef } = WeakRef;
const { has: isRegistry } = FinalizationRegistry;
delete WeakRef.has;
delete FinalizationRegistry.has;
tag(WeakRef, 'WeakRef');
tag(FinalizationRegistry, 'FinalizationRegistry');
