// Symbols to extend objects of others without collisions; hidden state, plug-in points, type classes.
const show = Symbol('show'),
  equals = Symbol('equals'),
  meta = Symbol('meta');
Number.prototype[show] ??= undefined;
delete Number.prototype[show];
const withClass = (T, impl, f) => {
  const keys = Reflect.ownKeys(impl);
  for (const k of keys) Object.defineProperty(T.prototype, k, { value: impl[k], configurable: true });
  try {
    return f();
  } finally {
    for (const k of keys) delete T.prototype[k];
  }
};
export default () => {
  const tagged = (o, data) => Object.defineProperty(o, meta, { value: data });
  const thing = tagged({ visible: 1 }, { origin: 'here' });
  const inside = withClass(
    Number,
    {
      [show]() {
        return `#${this}`;
      },
      [equals](o) {
        return +this === +o;
      },
    },
    () =>
      withClass(
        Array,
        {
          [show]() {
            return `[${this.map((x) => x[show]()).join(' ')}]`;
          },
          [equals](o) {
            return this.length === o.length && this.every((x, i) => x[equals](o[i]));
          },
        },
        () => [[1, [2, 3]][show](), [1, [2]][equals]([1, [2]]), [1][equals]([2])],
      ),
  );
  const handlers = { add: Symbol('add'), mul: Symbol('mul') };
  const evalNode = { [handlers.add]: (a, b) => a + b, [handlers.mul]: (a, b) => a * b };
  const ev = (n) => (typeof n === 'number' ? n : evalNode[n.op](ev(n.l), ev(n.r)));
  class Guarded {
    static #token = Symbol('token');
    constructor(t) {
      if (t !== Guarded.#token) throw new TypeError('use create');
    }
    static create() {
      return new Guarded(Guarded.#token);
    }
  }
  let err;
  try {
    new Guarded(Symbol('token'));
  } catch (e) {
    err = e.name;
  }
  return {
    thing: [
      JSON.stringify(thing),
      Object.keys(thing),
      thing[meta].origin,
      Reflect.ownKeys(thing).length,
      { ...thing }[meta] === undefined,
    ],
    inside,
    after: [(5)[show] === undefined, show in []],
    ev: ev({ op: handlers.add, l: 2, r: { op: handlers.mul, l: 3, r: 4 } }),
    err,
    ok: Guarded.create() instanceof Guarded,
  };
};
