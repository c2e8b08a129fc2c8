// Field initialisers are methods: this, super and new.target inside them, arrows and nested classes.
export default () => {
  class Base {
    greet() {
      return `hello ${this.n}`;
    }
    static tag = 'T';
  }
  class X extends Base {
    n = 1;
    viaSuper = super.greet();
    arrow = () => super.greet();
    nt = new.target === undefined;
    nested = class {
      outer = this.constructor.name;
    };
    obj = {
      n: 'obj',
      self: this,
      m() {
        return this.n;
      },
    };
    static fromSuper = super.tag + '!';
    static arrow = () => this.fromSuper;
    args = (() => {
      try {
        return eval('arguments');
      } catch (e) {
        return e.name;
      }
    })();
    bound = this.plain.bind(this);
    plain() {
      return this.n;
    }
    [(() => 'once')()] = (X.evals = (X.evals ?? 0) + 1);
  }
  const a = new X();
  const b = new X();
  a.n = 'changed';
  const { bound, arrow } = a;
  return [
    a.viaSuper,
    arrow(),
    a.nt,
    new a.nested().outer,
    a.obj.self === a,
    a.obj.m(),
    X.fromSuper,
    X.arrow.call(null),
    a.args,
    bound(),
    b.bound(),
    a.once,
    b.once,
    X.evals,
    Object.keys(b),
  ];
};
