// __proto__ in literals, Object.create, cycles, null prototypes, isPrototypeOf, shadowing.
const tryIt = (f) => {
  try {
    return f();
  } catch (e) {
    return e.name;
  }
};
export default () => {
  const p = {
    kind: 'p',
    hi() {
      return `hi ${this.kind}`;
    },
  };
  const a = { __proto__: p, kind: 'a' };
  const b = { __proto__: p };
  const c = { ['__proto__']: p };
  const __proto__ = p;
  const d = { __proto__ };
  const e = { __proto__: 5, x: 1 };
  const n = Object.create(null);
  n.__proto__ = 'just a property';
  const x = {},
    y = { __proto__: x };
  return {
    a: [a.hi(), Object.hasOwn(a, '__proto__'), Object.getPrototypeOf(a) === p],
    b: Object.getPrototypeOf(b) === p,
    c: [Object.hasOwn(c, '__proto__'), Object.getPrototypeOf(c) === Object.prototype],
    d: Object.hasOwn(d, '__proto__'),
    e: Object.getPrototypeOf(e) === Object.prototype,
    n: [Object.keys(n), Object.getPrototypeOf(n)],
    cycle: [
      tryIt(() => Object.setPrototypeOf(x, y)),
      tryIt(() => {
        x.__proto__ = y;
      }),
      Reflect.setPrototypeOf(x, y),
    ],
    setPrim: [
      Object.setPrototypeOf(5, null),
      tryIt(() => Object.setPrototypeOf({}, 5)),
      tryIt(() => Object.create()),
      tryIt(() => Object.setPrototypeOf(undefined, null)),
      tryIt(() => Object.setPrototypeOf(Object.prototype, {})),
      Reflect.setPrototypeOf(Object.prototype, null),
    ],
    isProto: [p.isPrototypeOf(a), Object.prototype.isPrototypeOf(n), p.isPrototypeOf(p), p.isPrototypeOf(5)],
    chain: (() => {
      const out = [];
      for (let o = []; o; o = Object.getPrototypeOf(o)) out.push(Object.getOwnPropertyNames(o).length > 0);
      return out;
    })(),
    json: JSON.parse('{"__proto__":1}').__proto__,
    jsonOwn: Object.hasOwn(JSON.parse('{"__proto__":{"x":1}}'), '__proto__'),
    acc: typeof Object.getOwnPropertyDescriptor(Object.prototype, '__proto__').get,
    spread: Object.getPrototypeOf({ ...a }) === Object.prototype,
    prims: [
      Object.getPrototypeOf(5) === Number.prototype,
      Object.getPrototypeOf('') === String.prototype,
      tryIt(() => Object.getPrototypeOf(null)),
    ],
    legacy: (() => {
      const o = {};
      o.__defineGetter__('g', () => 7);
      o.__defineSetter__('g', () => {});
      return [
        o.g,
        typeof o.__lookupGetter__('g'),
        typeof o.__lookupSetter__('g'),
        o.__lookupGetter__('z') === undefined,
      ];
    })(),
  };
};
