// One object that answers to all the well-known symbols.
export default async () => {
  const log = [];
  const o = {
    flags: 'g',
    [Symbol.iterator]: function* () {
      yield 'i';
    },
    async *[Symbol.asyncIterator]() {
      yield 'ai';
    },
    [Symbol.toPrimitive]: (h) => `prim ${h}`,
    [Symbol.toStringTag]: 'Omni',
    [Symbol.match]: (s) => `match ${s}`,
    [Symbol.matchAll]: (s) => `matchAll ${s}`,
    [Symbol.replace]: (s, r) => `replace ${s} ${r}`,
    [Symbol.search]: (s) => `search ${s}`,
    [Symbol.split]: (s, n) => `split ${s} ${n}`,
    [Symbol.isConcatSpreadable]: true,
    length: 2,
    0: 'z',
    1: 'o',
  };
  class Even {
    static [Symbol.hasInstance] = (n) => n % 2 === 0;
  }
  const asyncOut = [];
  for await (const x of o) asyncOut.push(x);
  class Temp {
    static get [Symbol.species]() {
      log.push('species');
      return Promise;
    }
  }
  const unscop = Array.prototype[Symbol.unscopables];
  return [
    [...o],
    asyncOut,
    `${o}`,
    o + '',
    Number.isNaN(+o),
    String(Object.prototype.toString.call(o)),
    's'.match(o),
    's'.matchAll(o),
    's'.replace(o, 'r'),
    's'.search(o),
    's'.split(o, 3),
    [1].concat(o),
    4 instanceof Even,
    3 instanceof Even,
    unscop.at,
    unscop.flat,
    unscop.toSorted,
    unscop.push ?? 'absent',
    Object.getPrototypeOf(unscop),
    Temp[Symbol.species] === Promise,
    log,
    's'.replaceAll({ [Symbol.replace]: (s) => `all ${s}` }),
    Array.from(o),
  ];
};
