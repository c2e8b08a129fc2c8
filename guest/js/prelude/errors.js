// Errors as programs know them from Node.
import { define } from './define.js';

/** Gives the prototype of the errors that only the engine throws. */
export function installErrors() {
  const { InternalError } = globalThis;
  const engineError = InternalError.prototype;
  delete globalThis.InternalError;
  // A string that is too long, say: RangeErrors elsewhere.
  Object.setPrototypeOf(engineError, RangeError.prototype);
  define(engineError, 'name', 'RangeError');
  define(engineError, 'constructor', RangeError);
  keepAnyStack();
  return engineError;
}

/** The engine's setter refuses what is no text; in Node a stack is a property like any other. */
function keepAnyStack() {
  const { get, set } = Object.getOwnPropertyDescriptor(Error.prototype, 'stack');
  const { apply } = Reflect;
  Object.defineProperty(Error.prototype, 'stack', {
    get,
    set(value) {
      if (typeof value === 'string') return apply(set, this, [value]);
      const attributes = { value, writable: true, enumerable: !Error.isError(this), configurable: true };
      Object.defineProperty(this, 'stack', attributes);
    },
    enumerable: false,
    configurable: true,
  });
}
