// Spread in calls, arrays and objects; rest on the other side.
export default () => {
  const log = [];
  const it = (name, n) => ({
    *[Symbol.iterator]() {
      for (let i = 0; i < n; i++) {
        log.push(name + i);
        yield i;
      }
    },
  });
  const f = (...args) => args.length;
  const g = (a, b, ...c) => [a, b, c];
  class Point {
    constructor(x, y, ...more) {
      Object.assign(this, { x, y, more });
    }
  }
  const o = {
    get x() {
      log.push('getter');
      return 1;
    },
    y: 2,
    [Symbol.for('s')]: 3,
  };
  Object.defineProperty(o, 'hidden', { value: 1 });
  const copy = { ...o };
  return {
    calls: [f(...'abc', ...[1, 2], ...new Set([1, 1])), f(...[], ...''), f(...[, ,])],
    g: g(...it('g', 4)),
    point: { ...new Point(...[1, 2, 3, 4]) },
    array: [...it('a', 2), 'mid', ...it('b', 2)],
    map: [...new Map([[1, 2]])],
    holes: [...[1, , 3]].map((v) => v ?? 'u'),
    code: [...'a😀b'],
    objects: { ...{ a: 1, b: 1 }, b: 2, ...null, ...undefined, ...5, ...'hi', ...[9], ...{ z: 0 } },
    copy: [Object.getOwnPropertyDescriptor(copy, 'x').value, Symbol.for('s') in copy, 'hidden' in copy],
    override: { a: 1, ...{ a: undefined } }.a === undefined,
    order: Object.keys({ ...{ b: 1 }, a: 1, ...{ b: 2 } }),
    lengths: [f.length, g.length, ((a, b = 1, c) => c).length],
    max: Math.max(...[3, 9, 2]),
    date: new Date(...[86400000]).getTime(),
    log,
  };
};
