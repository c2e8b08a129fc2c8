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
