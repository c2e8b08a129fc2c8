// What a module exports becomes the functions that the host can call.
import { thawing } from './thaw.js';

const NAME_BYTES = 63;
const MOST = 256;

let exported;

/** Called by the bundled module with its namespace. */
export function keepModule(namespace) {
  exported = namespace;
}

/** `[name, function, name, function, …]`, the default export first; or what is wrong, as text. */
export function takeExports(natives) {
  const namespace = exported;
  exported = undefined;
  const names = Object.keys(namespace);
  const functions = [];
  const handler = namespace.default;
  if (typeof handler === 'function') {
    functions.push('default', thawing(handler));
  } else if (names.includes('default') && !isCommonJs(namespace, names)) {
    return `its default export is ${kindOf(handler)}; it must be a function`;
  }
  for (const name of names) {
    const value = namespace[name];
    if (name === 'default' || typeof value !== 'function') continue;
    if (natives.encodeUtf8(name).byteLength > NAME_BYTES || name === '')
      return `the name of an exported function has 1 to ${NAME_BYTES} bytes, but there is ${JSON.stringify(name)}`;
    functions.push(name, thawing(value));
  }
  if (functions.length === 0) return 'it exports no function; the default export is what a call runs';
  if (functions.length / 2 > MOST) return `it exports ${functions.length / 2} functions; ${MOST} is the most`;
  return functions;
}

/** A CommonJS module without `module.exports = …`: its default export is an object with all of its exports. */
function isCommonJs(namespace, names) {
  const { default: all } = namespace;
  if (typeof all !== 'object' || all === null) return false;
  return (
    names.every((name) => name === 'default' || all[name] === namespace[name]) &&
    Object.keys(all).length === names.length - 1
  );
}

function kindOf(value) {
  if (value === null || value === undefined) return String(value);
  return Array.isArray(value) ? 'an array' : `${/^[aeiou]/.test(typeof value) ? 'an' : 'a'} ${typeof value}`;
}
