// Singletons, object pools, registries by static blocks, fluent factories.
export default () => {
  class Reg {
    static #m = new Map();
    static add(K) {
      Reg.#m.set(K.key, K);
      return K;
    }
    static make(k, ...a) {
      const K = Reg.#m.get(k);
      if (!K) throw new ReferenceError(k);
      return new K(...a);
    }
    static get keys() {
      return [...Reg.#m.keys()].sort();
    }
  }
  class Circle {
    static key = 'circle';
    static {
      Reg.add(this);
    }
    constructor(r) {
      this.r = r;
    }
    area() {
      return 3 * this.r ** 2;
    }
  }
  class Sq {
    static key = 'sq';
    static {
      Reg.add(Sq);
    }
    constructor(s) {
      this.s = s;
    }
    area() {
      return this.s ** 2;
    }
  }
  class One {
    static #i;
    constructor() {
      if (One.#i) return One.#i;
      One.#i = this;
      this.n = 0;
    }
    bump() {
      return ++this.n;
    }
  }
  class Pool {
    #free = [];
    made = 0;
    constructor(f) {
      this.f = f;
    }
    take() {
      return this.#free.pop() ?? (this.made++, this.f());
    }
    give(o) {
      for (const k of Object.keys(o)) delete o[k];
      this.#free.push(o);
    }
  }
  const p = new Pool(() => ({}));
  const a = p.take();
  a.x = 1;
  p.give(a);
  const b = p.take(),
    c = p.take();
  let e;
  try {
    Reg.make('none');
  } catch (x) {
    e = x.name;
  }
  return [
    Reg.keys,
    Reg.make('circle', 2).area(),
    Reg.make('sq', 3).area(),
    e,
    new One() === new One(),
    new One().bump(),
    new One().bump(),
    a === b,
    b.x ?? 'clean',
    b === c,
    p.made,
  ];
};
