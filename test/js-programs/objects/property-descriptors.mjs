// defineProperty: defaults, what may change afterwards, data to accessor and back.
const tryIt = (f) => {
  try {
    f();
    return 'ok';
  } catch (e) {
    return e.name;
  }
};
export default () => {
  const o = {};
  Object.defineProperty(o, 'fixed', { value: 1 });
  Object.defineProperty(o, 'w', { value: 1, writable: true });
  Object.defineProperty(o, 'c', { get: () => 1, configurable: true });
  const d = (k) => {
    const x = Object.getOwnPropertyDescriptor(o, k);
    return Object.fromEntries(
      Object.entries(x).map(([n, v]) => [n, typeof v === 'function' ? 'fn' : (v ?? 'u')]),
    );
  };
  const attempts = [
    tryIt(() => Object.defineProperty(o, 'fixed', { value: 1 })),
    tryIt(() => Object.defineProperty(o, 'fixed', { value: 2 })),
    tryIt(() => Object.defineProperty(o, 'fixed', { enumerable: true })),
    tryIt(() => Object.defineProperty(o, 'fixed', {})),
    tryIt(() => Object.defineProperty(o, 'w', { value: 2 })),
    tryIt(() => Object.defineProperty(o, 'w', { writable: false })),
    tryIt(() => Object.defineProperty(o, 'w', { writable: true })),
    tryIt(() => Object.defineProperty(o, 'c', { value: 5 })),
    tryIt(() => Object.defineProperty(o, 'x', { get() {}, value: 1 })),
    tryIt(() => Object.defineProperty(o, 'x', { get: 5 })),
    tryIt(() => Object.defineProperty(o, 'x', 5)),
    tryIt(() => Object.defineProperty(5, 'x', {})),
    tryIt(() => Object.defineProperty(Object.freeze({}), 'x', { value: 1 })),
    tryIt(() => Object.defineProperty(o, 'nan', { value: NaN })),
    tryIt(() => Object.defineProperty(o, 'nan', { value: NaN })),
    tryIt(() => Object.defineProperty(o, 'z', { value: 0 })),
    tryIt(() => Object.defineProperty(o, 'z', { value: -0 })),
  ];
  const all = Object.getOwnPropertyDescriptors({
    get g() {
      return 1;
    },
    m() {},
    [Symbol.iterator]: 1,
  });
  const cloned = Object.create(
    Object.prototype,
    Object.getOwnPropertyDescriptors({
      get twice() {
        return this.n * 2;
      },
      n: 4,
    }),
  );
  return {
    attempts,
    fixed: d('fixed'),
    w: d('w'),
    c: d('c'),
    all: Reflect.ownKeys(all).map(String),
    cloned: [cloned.twice, Object.hasOwn(cloned, 'twice')],
    inherited: tryIt(() => {
      Object.create({
        get x() {
          return 1;
        },
      }).x = 1;
    }),
    defineProps: Object.keys(
      Object.defineProperties({}, { a: { enumerable: true }, b: {}, c: { enumerable: true, get() {} } }),
    ),
    none: Object.getOwnPropertyDescriptor({}, 'q') === undefined,
    str: Object.getOwnPropertyDescriptor('abc', 'length'),
  };
};
