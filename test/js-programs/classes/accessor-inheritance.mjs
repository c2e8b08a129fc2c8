// Half an accessor pair hides the inherited whole; delete brings it back.
export default () => {
  class A {
    get x() {
      return this._x ?? 'A';
    }
    set x(v) {
      this._x = v;
    }
    get y() {
      return 'Ay';
    }
    static get z() {
      return `${this.name}.z`;
    }
  }
  class B extends A {
    get x() {
      return `B(${super.x})`;
    }
  }
  class C extends A {
    set x(v) {
      super.x = `C(${v})`;
    }
  }
  class D extends A {
    set x(v) {
      super.x = v;
    }
    get x() {
      return super.x;
    }
  }
  const b = new B(),
    c = new C(),
    d = new D();
  const results = [];
  try {
    b.x = 1;
    results.push('assigned');
  } catch (e) {
    results.push(e.name);
  }
  c.x = 2;
  results.push(b.x, c.x === undefined, c._x);
  d.x = 3;
  results.push(d.x, B.z, D.z);
  delete B.prototype.x;
  b.x = 4;
  results.push(b.x);
  class E {
    x = 'field';
  }
  class F extends E {
    get x() {
      return 'getter hidden by the field';
    }
  }
  results.push(new F().x);
  class G extends A {
    x = 'own';
  }
  const g = new G();
  results.push(g.x, '_x' in g, Object.hasOwn(g, 'x'));
  const calls = [];
  const proxy = Object.create({
    set k(v) {
      calls.push([this === proxy, v]);
    },
  });
  proxy.k = 1;
  Object.assign(proxy, { k: 2 });
  results.push(Object.keys(proxy).length);
  return { results, calls };
};
