// Object.is, SameValueZero, and Object.prototype.toString for everything.
export default () => {
  const pairs = [
    [0, -0],
    [NaN, NaN],
    [1, 1],
    ['a', 'a'],
    [null, undefined],
    [1n, 1n],
    [[], []],
    [Infinity, Infinity],
    [true, 1],
    [Symbol.iterator, Symbol.iterator],
  ];
  const tag = (x) => Object.prototype.toString.call(x).slice(8, -1);
  function args() {
    return arguments;
  }
  const things = [
    undefined,
    null,
    1,
    's',
    true,
    Symbol(),
    1n,
    {},
    [],
    () => {},
    /x/,
    new Date(0),
    new Error(),
    args(),
    new Map(),
    new Set(),
    new WeakMap(),
    new WeakSet(),
    Promise.resolve(),
    new ArrayBuffer(1),
    new DataView(new ArrayBuffer(1)),
    new Uint8Array(),
    JSON,
    Math,
    Reflect,
    new Proxy([], {}),
    new Proxy(() => {}, {}),
    (function* () {})(),
    async () => {},
    new Map().entries(),
    new Set()[Symbol.iterator](),
    [][Symbol.iterator](),
    ''[Symbol.iterator](),
    globalThis.Atomics,
    Symbol.prototype,
    new String(''),
    new Number(1),
    new Boolean(false),
    Object(1n),
    { [Symbol.toStringTag]: 'Mine' },
    { [Symbol.toStringTag]: 5 },
    class {
      static [Symbol.toStringTag] = 'K';
    },
    new WeakRef({}),
    BigInt.prototype,
    'a'.matchAll(/a/g),
  ];
  return {
    is: pairs.map(([a, b]) =>
      [Object.is(a, b), a === b, [a].includes(b), new Set([a]).has(b)].map(Number).join(''),
    ),
    tags: things.map(tag),
    valueOf: [
      Object(5).valueOf() + 1,
      Object('s') + 't',
      typeof Object(Symbol()),
      Object(null) instanceof Object,
    ],
    toLocale: { toString: () => 'via toString' }.toLocaleString(),
  };
};
