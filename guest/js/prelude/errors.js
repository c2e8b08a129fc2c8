// Errors as programs know them from Node.
import { define } from './define.js';

const NAMES = ['Error', 'EvalError', 'RangeError', 'ReferenceError', 'SyntaxError', 'TypeError', 'URIError'].concat(
  'AggregateError',
);

/** Gives the prototype of the errors that only the engine throws. */
export function installErrors() {
  const { InternalError } = globalThis;
  const engineError = InternalError.prototype;
  // Too deep recursion, a string that is too long: RangeErrors elsewhere.
  Object.setPrototypeOf(engineError, RangeError.prototype);
  define(engineError, 'name', 'RangeError');
  define(engineError, 'constructor', RangeError);
  delete globalThis.InternalError;
  delete globalThis.__date_clock;

  for (const name of NAMES) define(globalThis, name, withCause(globalThis[name], name));
  const { Error } = globalThis;
  for (const name of NAMES) if (name !== 'Error') Object.setPrototypeOf(globalThis[name], Error);
  define(Error, 'stackTraceLimit', 10);
  define(Error, 'captureStackTrace', (target) => {
    const { stack } = new Error();
    // The line of this function itself is not wanted.
    define(target, 'stack', stack.slice(stack.indexOf('\n') + 1));
  });
  return engineError;
}

/** The option `cause` (ES2022), which the engine's own constructors do not know. */
function withCause(Native, name) {
  const at = name === 'AggregateError' ? 2 : 1;
  const wrapped = {
    [name]: function (...values) {
      const error = Reflect.construct(Native, values, new.target ?? wrapped);
      const options = values[at];
      if (typeof options === 'object' && options !== null && 'cause' in options) define(error, 'cause', options.cause);
      // The first line of the stack is that of this function.
      define(error, 'stack', error.stack.slice(error.stack.indexOf('\n') + 1));
      return error;
    },
  }[name];
  Object.defineProperty(wrapped, 'length', { value: at, configurable: true });
  Object.defineProperty(wrapped, 'prototype', { value: Native.prototype, writable: false });
  define(wrapped.prototype, 'constructor', wrapped);
  return wrapped;
}
