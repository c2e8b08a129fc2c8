// Weak references that are strong: a call's memory is gone with the call, so nothing is ever collected too late.
import { define, tag } from './define.js';

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
  static has = (value) => #cleanup in value;
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

const { has: isWeakRef } = WeakRef;
const { has: isRegistry } = FinalizationRegistry;
delete WeakRef.has;
delete FinalizationRegistry.has;
tag(WeakRef, 'WeakRef');
tag(FinalizationRegistry, 'FinalizationRegistry');
