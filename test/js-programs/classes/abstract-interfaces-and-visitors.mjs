// Abstract methods, interfaces by symbols, the visitor pattern with double dispatch.
const Comparable = Symbol('Comparable');
const abstract = (name) => () => {
  throw new TypeError(`abstract ${name}`);
};
class Expr {
  accept(v) {
    const m = v[`visit${this.constructor.name.replace(/\d+$/, '')}`];
    if (!m) throw new ReferenceError('no visitor');
    return m.call(v, this);
  }
  eval = abstract('eval');
}
class Num extends Expr {
  constructor(v) {
    super();
    this.v = v;
    this.eval = () => v;
  }
  [Comparable](o) {
    return this.v - o.v;
  }
}
class Bin extends Expr {
  constructor(op, l, r) {
    super();
    Object.assign(this, { op, l, r });
    this.eval = () => ({ '+': (a, b) => a + b, '*': (a, b) => a * b })[op](l.eval(), r.eval());
  }
}
class Neg extends Expr {
  constructor(e) {
    super();
    this.e = e;
  }
}
export default () => {
  const show = {
    visitNum: (n) => String(n.v),
    visitBin({ op, l, r }) {
      return `(${l.accept(this)} ${op} ${r.accept(this)})`;
    },
    visitNeg({ e }) {
      return `-${e.accept(this)}`;
    },
  };
  const depth = {
    visitNum: () => 1,
    visitBin({ l, r }) {
      return 1 + Math.max(l.accept(this), r.accept(this));
    },
  };
  const simplify = {
    visitNum: (n) => n,
    visitBin({ op, l, r }) {
      const [a, b] = [l.accept(this), r.accept(this)];
      if (op === '*' && (a.v === 0 || b.v === 0)) return new Num(0);
      if (op === '*' && a.v === 1) return b;
      if (op === '+' && a.v === 0) return b;
      return a instanceof Num && b instanceof Num ? new Num(new Bin(op, a, b).eval()) : new Bin(op, a, b);
    },
    visitNeg: (n) => n,
  };
  const e = new Bin('+', new Bin('*', new Num(1), new Num(7)), new Bin('*', new Num(0), new Neg(new Num(3))));
  const t = (f) => {
    try {
      return f();
    } catch (x) {
      return x.name;
    }
  };
  return [
    e.accept(show),
    t(() => e.eval()),
    t(() => e.accept(depth)),
    e.accept(simplify).accept(show),
    new Bin('*', new Num(6), new Num(7)).eval(),
    new Bin('+', new Num(1), new Num(2)).accept(depth),
    [3, 1, 2]
      .map((v) => new Num(v))
      .sort((a, b) => a[Comparable](b))
      .map((n) => n.v),
    Comparable in new Num(1),
    Comparable in e,
  ];
};
