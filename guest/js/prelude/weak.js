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

tag(WeakRef, 'WeakRef');
tag(FinalizationRegistry, 'FinalizationRegistry');
