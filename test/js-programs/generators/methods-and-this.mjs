// Generator methods in objects and classes, this and arguments inside, prototypes of generators.
const nameOf = (f) => {
  try {
    return f();
  } catch (e) {
    return e.name;
  }
};
export default () => {
  const o = {
    n: 3,
    *[Symbol.iterator]() {
      for (let i = this.n; i; i--) yield i;
    },
    *args() {
      yield* arguments;
    },
    *['comp' + 1]() {
      yield new.target === undefined;
    },
  };
  class Grid {
    constructor(w, h) {
      Object.assign(this, { w, h });
    }
    *cells() {
      for (let y = 0; y < this.h; y++) yield* this.#row(y);
    }
    *#row(y) {
      for (let x = 0; x < this.w; x++) yield [x, y];
    }
    static *range(a, b, s = 1) {
      for (; a < b; a += s) yield a;
    }
    *[Symbol.iterator]() {
      yield* this.cells();
    }
  }
  class Cube extends Grid {
    *cells() {
      yield 'first';
      yield* super.cells();
    }
  }
  function* g() {
    yield this === undefined;
  }
  g.prototype.extra = function () {
    return 'extra';
  };
  const it = g();
  const GenProto = Object.getPrototypeOf(Object.getPrototypeOf(it));
  let self;
  function* reenter() {
    yield nameOf(() => self.next());
  }
  self = reenter();
  return {
    o: [...o],
    args: [...o.args('a', 'b')],
    comp: [...o.comp1()],
    grid: [...new Grid(2, 2)],
    cube: [...new Cube(2, 1)],
    range: [...Grid.range(0, 10, 3)],
    this: it.next().value,
    extra: it.extra(),
    inst: it instanceof g,
    proto: [
      GenProto[Symbol.toStringTag],
      it[Symbol.iterator]() === it,
      Object.prototype.toString.call(it),
      Object.prototype.toString.call(g),
      Object.hasOwn(g.prototype, 'constructor'),
    ],
    reenter: self.next().value,
    bad: nameOf(() => GenProto.next.call({})),
    ctor: nameOf(() => new g()),
  };
};
