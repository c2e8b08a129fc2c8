// Map: keys of all kinds, order, SameValueZero, chaining, size, construction from iterables.
const tryIt = (f) => {
  try {
    return f();
  } catch (e) {
    return e.name;
  }
};
export default () => {
  const k = {},
    f = () => {};
  const m = new Map([
    [NaN, 'nan'],
    [0, 'zero'],
    ['0', 'string'],
    [k, 'obj'],
    [f, 'fn'],
    [undefined, 'undef'],
    [null, 'null'],
  ]);
  m.set(-0, 'minus zero').set(NaN, 'again').set(1n, 'big');
  return {
    size: m.size,
    gets: [
      m.get(NaN),
      m.get(0),
      m.get('0'),
      m.get({}) ?? 'none',
      m.get(k),
      m.get(f),
      m.get(),
      m.get(null),
      m.get(1n),
      m.get(1) ?? 'none',
    ],
    zeroKey: Object.is([...m.keys()][1], 0),
    order: [...m.values()],
    del: [m.delete(0), m.delete(0), m.has(-0)],
    reinsert: (() => {
      const x = new Map([
        ['a', 1],
        ['b', 2],
      ]);
      x.set('a', 3);
      const first = [...x.keys()].join('');
      x.delete('a');
      x.set('a', 4);
      return [first, [...x.keys()].join('')];
    })(),
    errs: [
      tryIt(() => Map()),
      tryIt(() => new Map(5)),
      tryIt(() => new Map([1])),
      tryIt(() => Map.prototype.get.call({}, 1)),
      tryIt(() => Map.prototype.size),
      new Map(null).size,
      tryIt(() => new Map('ab')),
    ],
    forEach: (() => {
      const out = [];
      new Map([['x', 1]]).forEach(
        function (v, key, map) {
          out.push(v, key, map.size, this.t);
        },
        { t: 't' },
      );
      return out;
    })(),
    entries: Map.prototype.entries === Map.prototype[Symbol.iterator],
    sub: (() => {
      const log = [];
      class M extends Map {
        set(a, b) {
          log.push(a);
          return super.set(a, b);
        }
      }
      new M([
        ['p', 1],
        ['q', 2],
      ]);
      return log;
    })(),
    tag: String(m),
    lengths: [Map.length, m.set.length, m.forEach.length],
    species: Map[Symbol.species] === Map,
  };
};
