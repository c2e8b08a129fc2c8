// What a module exports becomes the functions that the host can call.

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
  if (names.includes('default')) {
    const handler = namespace.default;
    if (typeof handler !== 'function') return `its default export is ${kindOf(handler)}; it must be a function`;
    functions.push('default', handler);
  }
  for (const name of names) {
    const value = namespace[name];
    if (name === 'default' || typeof value !== 'function') continue;
    if (natives.encodeUtf8(name).byteLength > NAME_BYTES || name === '')
      return `the name of an exported function has 1 to ${NAME_BYTES} bytes, but there is ${JSON.stringify(name)}`;
    functions.push(name, value);
  }
  if (functions.length === 0) return 'it exports no function; the default export is what a call runs';
  if (functions.length / 2 > MOST) return `it exports ${functions.length / 2} functions; ${MOST} is the most`;
  return functions;
}

function kindOf(value) {
  if (value === null || value === undefined) return String(value);
  return Array.isArray(value) ? 'an array' : `${/^[aeiou]/.test(typeof value) ? 'an' : 'a'} ${typeof value}`;
}
