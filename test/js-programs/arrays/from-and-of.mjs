// Array.from and Array.of: iterables, array-likes, mapping, other constructors.
export default () => {
  const log = [];
  class Box {
    constructor(...a) {
      log.push(a);
      this.made = true;
    }
  }
  const it = {
    *[Symbol.iterator]() {
      yield 1;
      yield 2;
    },
    length: 9,
    0: 'ignored',
  };
  const closing = {
    [Symbol.iterator]: () => ({
      next: () => ({ value: 1, done: false }),
      return() {
        log.push('closed');
        return {};
      },
    }),
  };
  try {
    Array.from(closing, () => {
      throw 1;
    });
  } catch {}
  const box = Array.from.call(Box, ['x', 'y']);
  const box2 = Array.of.call(Box, 1, 2, 3);
  return {
    from: [
      Array.from('a😀'),
      Array.from({ length: 3 }, (_, i) => i * i),
      Array.from(it),
      Array.from(new Map([[1, 2]])),
      Array.from(new Set('aab')),
      Array.from({ length: 2, 0: 'p', 1: 'q' }),
      Array.from({ length: '2' }).length,
      Array.from({ length: -5 }),
      Array.from(5),
      Array.from({ length: 2.9 }).length,
      Array.from([1, , 3]).map((v) => v ?? 'u'),
      Array.from(
        [1, 2],
        function (x) {
          return x * this.m;
        },
        { m: 5 },
      ),
      Array.from(new Uint8Array([258, 3])),
      Array.from({ length: 1, 0: [1] }),
    ],
    of: [
      Array.of(7),
      Array.of(),
      Array.of(undefined).length,
      Array(3).length,
      Array('3').length,
      Array(1, 2),
      new Array(2).length,
      0 in Array(1),
    ],
    box: { ...box },
    box2: { ...box2 },
    log,
    errs: [
      () => Array.from(null),
      () => Array.from([], 5),
      () => Array(-1),
      () => Array(1.5),
      () => ([].length = -1),
      () => Array.from({ [Symbol.iterator]: 1 }),
    ].map((f) => {
      try {
        f();
        return 'ok';
      } catch (e) {
        return e.name;
      }
    }),
    isArray: [
      [],
      Array.prototype,
      new Proxy([], {}),
      { __proto__: Array.prototype },
      new Uint8Array(1),
      null,
    ].map(Array.isArray),
  };
};
