// `await host.name(…values)` calls a function of the host. Any name can be asked for; the host decides.
import { define } from './define.js';

export function installHost(natives) {
  const host = new Proxy(Object.freeze(Object.create(null)), {
    get(_target, name) {
      // An object with `then` would be called by `await host`.
      if (typeof name !== 'string' || name === 'then') return undefined;
      return (...values) =>
        new Promise((resolve) => {
          resolve(natives.hostCall(name, values));
        });
    },
  });
  define(globalThis, 'host', host);
}
