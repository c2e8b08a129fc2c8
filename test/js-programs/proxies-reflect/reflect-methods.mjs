// Reflect, function by function, with receivers and false instead of errors.
const t = (f) => {
  try {
    return f();
  } catch (e) {
    return e.name;
  }
};
export default () => {
  const o = {
    x: 1,
    get me() {
      return this;
    },
    set v(n) {
      this.got = n;
    },
  };
  const recv = { tag: 'recv' };
  Reflect.set(o, 'v', 5, recv);
  Reflect.set(o, 'x', 7, recv);
  const frozen = Object.freeze({ a: 1 });
  class A {
    constructor(...a) {
      this.args = a;
      this.nt = new.target.name;
    }
  }
  class B {}
  return {
    get: [
      Reflect.get(o, 'x'),
      Reflect.get(o, 'me', recv) === recv,
      Reflect.get([1, 2], 1),
      t(() => Reflect.get(5, 'x')),
    ],
    recv,
    set: [
      Reflect.set(frozen, 'a', 2),
      Reflect.set({}, 'n', 1),
      Reflect.set([], 'length', 2),
      Reflect.set(o, 'x', 1, 5),
      t(() => Reflect.set(1, 'a', 1)),
      Reflect.set(
        {
          get g() {
            return 1;
          },
        },
        'g',
        1,
      ),
    ],
    has: [Reflect.has({ a: 1 }, 'a'), Reflect.has([], 'push'), t(() => Reflect.has('s', 'length'))],
    del: [
      Reflect.deleteProperty({ a: 1 }, 'a'),
      Reflect.deleteProperty(frozen, 'a'),
      Reflect.deleteProperty([1], 'length'),
      Reflect.deleteProperty({}, 'none'),
    ],
    keys: Reflect.ownKeys({ b: 1, 1: 1, [Symbol.iterator]: 1, a: 1 }).map(String),
    apply: [
      Reflect.apply(Math.max, null, [1, 3]),
      Reflect.apply(String.prototype.slice, 'abc', [1]),
      t(() => Reflect.apply(1)),
      t(() => Reflect.apply(Math.max, null)),
      Reflect.apply((...a) => a.length, null, { length: 3 }),
    ],
    construct: [
      Reflect.construct(A, [1, 2]).args,
      Reflect.construct(A, [], B).nt,
      Reflect.construct(A, [], B) instanceof B,
      t(() => Reflect.construct(() => {}, [])),
      t(() => Reflect.construct(A, [], () => {})),
      Reflect.construct(Date, [0]).getTime(),
      Reflect.construct(Array, [], A) instanceof A,
    ],
    define: [
      Reflect.defineProperty({}, 'x', { value: 1 }),
      Reflect.defineProperty(frozen, 'x', {}),
      t(() => Reflect.defineProperty({}, 'x')),
    ],
    proto: [
      Reflect.getPrototypeOf([]) === Array.prototype,
      Reflect.setPrototypeOf(frozen, {}),
      Reflect.setPrototypeOf({}, null),
      t(() => Reflect.setPrototypeOf({}, 1)),
      t(() => Reflect.getPrototypeOf(1)),
    ],
    ext: [
      Reflect.isExtensible({}),
      Reflect.preventExtensions({}),
      Reflect.isExtensible(frozen),
      t(() => Reflect.isExtensible(1)),
    ],
    desc: [
      Reflect.getOwnPropertyDescriptor({ a: 1 }, 'a').writable,
      Reflect.getOwnPropertyDescriptor({}, 'a') === undefined,
    ],
    names: Object.getOwnPropertyNames(Reflect).sort(),
    tag: String(Reflect),
  };
};
