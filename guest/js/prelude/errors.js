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
  return engineError;
}
