// Exceptions as the host gets them.
import { inspect } from './inspect.js';

const MESSAGE_LENGTH = 2000;
const STACK_LENGTH = 4000;
const LOG_WARN = 2;

/** JSON of `{ name, message, stack }`. Never throws, whatever was thrown. */
export function describe(thrown) {
  try {
    return JSON.stringify(parts(thrown));
  } catch {
    return '{"name":"Error","message":"what was thrown cannot be described","stack":""}';
  }
}

function parts(thrown) {
  if (
    !(thrown instanceof Error) &&
    !(typeof thrown?.name === 'string' && typeof thrown?.message === 'string')
  )
    return { name: 'Error', message: cut(inspect(thrown), MESSAGE_LENGTH), stack: '' };
  return {
    name: cut(String(thrown.name), MESSAGE_LENGTH),
    message: cut(String(thrown.message), MESSAGE_LENGTH),
    stack: cut(typeof thrown.stack === 'string' ? thrown.stack : '', STACK_LENGTH),
  };
}

function cut(text, length) {
  return text.length > length ? `${text.slice(0, length)}…` : text;
}

/** Nobody waited for a promise, and it was rejected: Node would end the process. */
export function reportRejection(natives, reason) {
  natives.log(LOG_WARN, `unhandled rejection: ${inspect(reason)}`);
}
