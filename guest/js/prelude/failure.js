// Exceptions as the host gets them.
import { inspect } from './inspect.js';
import { partsOf } from './values.js';

const MESSAGE_LENGTH = 2000;
const STACK_LENGTH = 4000;
/** Characters and bytes of all that comes with name, message and stack. */
const MORE_LENGTH = 16_384;
const LOG_WARN = 2;
const LENIENT = { lenient: true };
const UNKNOWN = { name: 'Error', message: 'what was thrown cannot be described', stack: '' };

/**
 * `{ name, message, stack, more }` as it is sent. `more` may have `value`, `cause`, `code`, `errors`, `properties`: as
 * many of them as there is room for. Never throws, whatever was thrown.
 */
export function describe(thrown, all) {
  try {
    const isError = isErrorLike(thrown);
    const base = baseOf(thrown, isError);
    const parts = partsOf(base, LENIENT);
    return (all && withMore(base, parts[0].length, isError ? moreOf(thrown) : { value: thrown })) || parts;
  } catch {
    return partsOf(UNKNOWN, LENIENT);
  }
}

function isErrorLike(thrown) {
  if (thrown instanceof Error) return true;
  return typeof thrown?.name === 'string' && typeof thrown?.message === 'string';
}

function baseOf(thrown, isError) {
  if (!isError) return { name: 'Error', message: cut(inspect(thrown), MESSAGE_LENGTH), stack: '' };
  return {
    name: cut(String(thrown.name), MESSAGE_LENGTH),
    message: cut(String(thrown.message), MESSAGE_LENGTH),
    stack: cut(typeof thrown.stack === 'string' ? thrown.stack : '', STACK_LENGTH),
  };
}

/** With what is named last left out first where there is no room. */
function withMore(base, length, more) {
  for (const names = Object.keys(more); names.length > 0; names.pop()) {
    const kept = Object.fromEntries(names.map((name) => [name, more[name]]));
    try {
      return partsOf({ ...base, more: kept }, { ...LENIENT, most: length + MORE_LENGTH });
    } catch {
      // The next one is smaller.
    }
  }
  return undefined;
}

function moreOf(thrown) {
  const more = {};
  const properties = {};
  for (const name of ['code', 'cause', 'errors', ...Object.keys(thrown)]) {
    const value = valueOf(thrown, name);
    if (value === undefined) continue;
    if (name === 'code' || name === 'cause' || name === 'errors') more[name] = value;
    else if (name !== 'name' && name !== 'message' && name !== 'stack') define(properties, name, value);
  }
  if (Object.keys(properties).length > 0) more.properties = properties;
  return more;
}

/** What a getter throws is nothing. */
function valueOf(thrown, name) {
  try {
    return thrown[name];
  } catch {
    return undefined;
  }
}

function define(target, name, value) {
  Object.defineProperty(target, name, { value, writable: true, enumerable: true, configurable: true });
}

function cut(text, length) {
  return text.length > length ? `${text.slice(0, length)}…` : text;
}

/** Nobody waited for a promise, and it was rejected: Node would end the process. */
export function reportRejection(natives, reason) {
  natives.log(LOG_WARN, `unhandled rejection: ${inspect(reason)}`);
}
