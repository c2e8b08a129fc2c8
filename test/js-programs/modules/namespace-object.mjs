// The namespace object itself: no prototype, sealed, sorted, writable by looks and never written.
import * as geometry from './parts/geometry.js';
const tryIt = (f) => {
  try {
    return f();
  } catch (e) {
    return e.name;
  }
};
export default () => {
  const ns = [geometry][0];
  const d = Object.getOwnPropertyDescriptor(ns, 'PI');
  return {
    tag: Object.prototype.toString.call(ns),
    proto: Object.getPrototypeOf(ns),
    desc: [d.writable, d.enumerable, d.configurable],
    ext: Object.isExtensible(ns),
    sealed: Object.isSealed(ns),
    keys: Reflect.ownKeys(ns).map(String),
    errs: [
      tryIt(() => {
        ns.PI = 3;
      }),
      tryIt(() => {
        ns.extra = 1;
      }),
      tryIt(() => delete ns.PI),
      tryIt(() => delete ns.none),
      Reflect.set(ns, 'PI', 1),
      Reflect.defineProperty(ns, 'PI', { value: 3.14159 }),
      Reflect.setPrototypeOf(ns, null),
      Reflect.setPrototypeOf(ns, {}),
    ],
    freeze: tryIt(() => typeof Object.freeze(ns)),
    forIn: (() => {
      const k = [];
      for (const x in ns) k.push(x);
      return k;
    })(),
  };
};
