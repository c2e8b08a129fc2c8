// Patterns as parameters: in functions, arrows, setters, constructors, catch, loops, recursion.
export default () => {
  class Rect {
    constructor({ w = 1, h = w, at: [x, y] = [0, 0] } = {}) {
      Object.assign(this, { w, h, x, y });
    }
    set size([w, h]) {
      this.w = w;
      this.h = h;
    }
    static from = ({ x: w, y: h }) => new Rect({ w, h });
    area = ({ scale = 1 } = {}) => this.w * this.h * scale;
  }
  const r = new Rect({ w: 4, at: [1, 2] });
  r.size = [3, 5];
  const sum = ([h, ...t]) => (h === undefined ? 0 : h + sum(t));
  const zip = ([a, ...as], [b, ...bs]) =>
    a === undefined || b === undefined ? [] : [[a, b], ...zip(as, bs)];
  const qsort = ([p, ...xs]) =>
    p === undefined ? [] : [...qsort(xs.filter((x) => x < p)), p, ...qsort(xs.filter((x) => x >= p))];
  const entries = Object.entries({ a: 1, b: 2 }).map(([k, v]) => k + v);
  const nested = ({
    user: {
      name: { first, last = 'Doe' },
      tags: [primary = 'none', ...others] = [],
    },
  }) => ({ first, last, primary, others });
  const caught = [];
  for (const e of [new TypeError('m'), { message: 'obj', code: 7 }, ['arr']]) {
    try {
      throw e;
    } catch ({ message = 'no message', code = 0, 0: zero = '-' }) {
      caught.push([message, code, zero]);
    }
  }
  function withArgs({ a }, [b]) {
    return [a, b, arguments.length, arguments[0].a];
  }
  const swap = (o, i, j) => (([o[i], o[j]] = [o[j], o[i]]), o);
  const fibs = ((n) => {
    let [a, b] = [0, 1];
    const out = [];
    while (n--) {
      out.push(a);
      [a, b] = [b, a + b];
    }
    return out;
  })(10);
  const names = (({ x = () => {}, y = class {} }) => [x.name, y.name])({});
  return {
    r: { ...r, area: r.area({ scale: 2 }) },
    empty: new Rect().area(),
    from: Rect.from({ x: 2, y: 6 }).area(),
    sum: sum([1, 2, 3]),
    zip: zip('abc', [1, 2]),
    qsort: qsort([3, 1, 2, 3, 0]),
    entries,
    nested: nested({ user: { name: { first: 'J' }, tags: ['x', 'y', 'z'] } }),
    caught,
    args: withArgs({ a: 1 }, [2], 3),
    swap: swap(['a', 'b', 'c'], 0, 2),
    fibs,
    names,
  };
};
