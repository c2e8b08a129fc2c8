// Lies that a proxy may not tell.
const tryIt = (f) => {
  try {
    const r = f();
    return r === undefined ? 'undefined' : typeof r === 'object' ? 'object' : r;
  } catch (e) {
    return e.name;
  }
};
export default () => {
  const fixed = Object.defineProperty({ free: 1 }, 'k', { value: 1 });
  const acc = Object.defineProperty({}, 'k', { set: undefined, get: undefined });
  const closed = Object.preventExtensions({ a: 1 });
  const P = (t, h) => new Proxy(t, h);
  return {
    get: [
      tryIt(() => P(fixed, { get: () => 2 }).k),
      tryIt(() => P(fixed, { get: () => 1 }).k),
      tryIt(() => P(fixed, { get: () => 2 }).free),
      tryIt(() => P(acc, { get: () => 5 }).k),
    ],
    set: [
      tryIt(() => Reflect.set(P(fixed, { set: () => true }), 'k', 2)),
      tryIt(() => Reflect.set(P(fixed, { set: () => true }), 'k', 1)),
      tryIt(() => {
        P({}, { set: () => false }).x = 1;
      }),
      Reflect.set(P({}, { set: () => 0 }), 'x', 1),
    ],
    has: [
      tryIt(() => 'k' in P(fixed, { has: () => false })),
      tryIt(() => 'a' in P(closed, { has: () => false })),
      tryIt(() => 'zz' in P(closed, { has: () => true })),
    ],
    del: [
      tryIt(() => Reflect.deleteProperty(P(fixed, { deleteProperty: () => true }), 'k')),
      tryIt(() => Reflect.deleteProperty(P(closed, { deleteProperty: () => true }), 'a')),
      tryIt(() => delete P({}, { deleteProperty: () => false }).x),
    ],
    own: [
      tryIt(() => Reflect.ownKeys(P(fixed, { ownKeys: () => [] }))),
      tryIt(() => Reflect.ownKeys(P({}, { ownKeys: () => ['a', 'a'] }))),
      tryIt(() => Reflect.ownKeys(P({}, { ownKeys: () => [1] }))),
      tryIt(() => Reflect.ownKeys(P(closed, { ownKeys: () => ['a', 'b'] }))),
      tryIt(() => Object.keys(P({}, { ownKeys: () => ['ghost'] })).length),
      tryIt(() => Reflect.ownKeys(P({}, { ownKeys: () => ({ length: 1, 0: 'like' }) })).length),
    ],
    desc: [
      tryIt(() =>
        Object.getOwnPropertyDescriptor(P(fixed, { getOwnPropertyDescriptor: () => undefined }), 'k'),
      ),
      tryIt(() =>
        Object.getOwnPropertyDescriptor(
          P({}, { getOwnPropertyDescriptor: () => ({ value: 1, configurable: false }) }),
          'x',
        ),
      ),
      tryIt(() => Object.getOwnPropertyDescriptor(P({}, { getOwnPropertyDescriptor: () => 5 }), 'x')),
      tryIt(
        () =>
          Object.getOwnPropertyDescriptor(
            P({}, { getOwnPropertyDescriptor: () => ({ value: 1, configurable: true }) }),
            'x',
          ).value,
      ),
    ],
    proto: [
      tryIt(() => Object.getPrototypeOf(P({}, { getPrototypeOf: () => 5 }))),
      tryIt(() => Object.getPrototypeOf(P(closed, { getPrototypeOf: () => null }))),
      tryIt(() => P({}, { getPrototypeOf: () => Array.prototype }) instanceof Array),
    ],
    ext: [
      tryIt(() => Object.isExtensible(P({}, { isExtensible: () => false }))),
      tryIt(() => Object.preventExtensions(P({}, { preventExtensions: () => true }))),
      tryIt(() => Reflect.preventExtensions(P({}, { preventExtensions: () => false }))),
    ],
    define: [
      tryIt(() => Reflect.defineProperty(P(closed, { defineProperty: () => true }), 'n', { value: 1 })),
      tryIt(() =>
        Reflect.defineProperty(P({}, { defineProperty: () => true }), 'n', { value: 1, configurable: false }),
      ),
    ],
    make: [
      tryIt(() => new Proxy(1, {})),
      tryIt(() => new Proxy({}, null)),
      tryIt(() => Proxy({}, {})),
      tryIt(() => new (P(function () {}, { construct: () => 5 }))()),
      tryIt(() => P({}, { apply: () => 1 })()),
      tryIt(() => P({}, { get: 5 }).x),
      tryIt(() => P({ x: 1 }, { get: null }).x),
    ],
  };
};
