// What call sites have in Node beside what the engine's have. Programs get them by Error.prepareStackTrace, and ask
// them where they were called from.
import { method } from './define.js';

/** What is so of every site that this engine shows: strict code of one script. */
const SAME = {
  getEvalOrigin: undefined,
  getMethodName: null,
  getPromiseIndex: null,
  getThis: undefined,
  getTypeName: null,
  isAsync: false,
  isEval: false,
  isPromiseAll: false,
  isToplevel: true,
};

export function installCallSites() {
  const prototype = Object.getPrototypeOf(someSite());
  for (const [name, value] of Object.entries(SAME)) method(prototype, name, 0, () => value);
  method(prototype, 'getScriptNameOrSourceURL', 0, function () {
    return this.getFileName();
  });
  method(prototype, 'toString', 0, function () {
    const name = this.getFunctionName();
    const place = this.isNative()
      ? 'native'
      : `${this.getFileName()}:${this.getLineNumber()}:${this.getColumnNumber()}`;
    return name ? `${name} (${place})` : place;
  });
}

function someSite() {
  let found;
  Error.prepareStackTrace = (_error, sites) => {
    [found] = sites;
  };
  new Error().stack;
  Error.prepareStackTrace = undefined;
  return found;
}
