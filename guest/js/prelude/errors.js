// Errors as programs know them from Node.
import { define } from './define.js';

const NAMES = [
  'Error',
  'EvalError',
  'RangeError',
  'ReferenceError',
  'SyntaxError',
  'TypeError',
  'URIError',
].concat('AggregateError');

/** Gives the prototype of the errors that only the engine throws. */
export function installErrors() {
  const { InternalError } = globalThis;
  const engineError = InternalError.prototype;
  delete globalThis.InternalError;
  delete globalThis.__date_clock;

  for (const name of NAMES) define(globalThis, name, withCause(globalThis[name], name));
  const { Error } = globalThis;
  for (const name of NAMES) if (name !== 'Error') Object.setPrototypeOf(globalThis[name], Error);
  // Too deep recursion, a string that is too long: RangeErrors elsewhere.
  Object.setPrototypeOf(engineError, RangeError.prototype);
  define(engineError, 'name', 'RangeError');
  define(engineError, 'constructor', RangeError);
  define(Error, 'stackTraceLimit', 10);
  define(Error, 'captureStackTrace', (target) => {
    define(target, 'stack', withoutLines(new Error().stack, 1)); // of this function
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
      if (typeof options === 'object' && options !== null && 'cause' in options)
        define(error, 'cause', options.cause);
      define(error, 'stack', withoutLines(error.stack, 2)); // of Reflect.construct, and of this function
      return error;
    },
  }[name];
  Object.defineProperty(wrapped, 'length', { value: at, configurable: true });
  Object.defineProperty(wrapped, 'prototype', { value: Native.prototype, writable: false });
  define(wrapped.prototype, 'constructor', wrapped);
  return wrapped;
}

function withoutLines(stack, count) {
  let rest = stack;
  for (let line = 0; line < count; line++) rest = rest.slice(rest.indexOf('\n') + 1);
  return rest;
}
