// The iterators of the built-ins: prototypes, tags, exhaustion, laziness.
export default () => {
  const its = {
    array: [1, 2].values(),
    entries: ['a'].entries(),
    keys: [9].keys(),
    map: new Map([[1, 2]]).entries(),
    set: new Set([3]).values(),
    string: 'é😀'[Symbol.iterator](),
    typed: new Uint8Array([4])[Symbol.iterator](),
    matchAll: 'ab'.matchAll(/./g),
    gen: (function* () {
      yield 5;
    })(),
  };
  const IteratorProto = Object.getPrototypeOf(Object.getPrototypeOf(its.array));
  const rows = Object.fromEntries(
    Object.entries(its).map(([k, it]) => {
      const tag = Object.prototype.toString.call(it);
      const self = it[Symbol.iterator]() === it;
      const base = IteratorProto.isPrototypeOf(it);
      const first = it.next().value;
      const v = Array.isArray(first) ? [...first] : first;
      let n = 0;
      while (!it.next().done && n < 9) n++;
      const after = it.next();
      return [k, [tag, self, base, v, n, after.done, after.value === undefined, 'return' in it]];
    }),
  );
  const a = [1, 2, 3];
  const it = a.values();
  const got = [it.next().value];
  a.length = 1;
  got.push(it.next().done);
  a.push(5, 6);
  got.push(it.next().done);
  const partial = new Set('abc').values();
  partial.next();
  return {
    rows,
    got,
    rest: [...partial],
    argsIter: (function () {
      return [...arguments];
    })(1, 2),
    likes: [...Array.prototype.values.call({ length: 2, 0: 'x', 1: 'y' })],
    bad: (() => {
      try {
        Object.getPrototypeOf(its.array).next.call({});
      } catch (e) {
        return e.name;
      }
    })(),
    override: (() => {
      const x = [1, 2];
      x[Symbol.iterator] = function* () {
        yield 'mine';
      };
      return [[...x], Math.max(...[1, 2]), Array.from(x), (([q]) => q)(x)];
    })(),
  };
};
