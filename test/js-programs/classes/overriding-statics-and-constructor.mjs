// Statics through inheritance, constructor properties, instanceof after swaps.
export default () => {
  class A {
    static n = 0;
    static inc() {
      return ++this.n;
    }
    static make() {
      return new this();
    }
    get kind() {
      return this.constructor.name;
    }
    copy() {
      return new this.constructor();
    }
  }
  class B extends A {}
  class C extends A {
    static n = 10;
  }
  const r = [
    B.inc(),
    A.n,
    B.n,
    Object.hasOwn(B, 'n'),
    C.inc(),
    A.inc(),
    B.n,
    B.make().kind,
    new C().copy().kind,
    B.make === A.make,
    Object.hasOwn(B, 'make'),
  ];
  const b = new B();
  Object.setPrototypeOf(B, C);
  r.push(B.inc(), b instanceof A);
  Object.setPrototypeOf(b, C.prototype);
  r.push(b instanceof B, b instanceof C, b.kind);
  b.constructor = A;
  r.push(b.copy().kind, b.kind);
  const { make } = B;
  try {
    make();
  } catch (e) {
    r.push(e.name);
  }
  class D extends class {
    static x = 'anon';
  } {}
  r.push(
    D.x,
    Object.getPrototypeOf(D).name,
    D.name,
    typeof D.prototype.constructor,
    delete D.prototype.constructor,
    new D().constructor === Object.getPrototypeOf(D),
  );
  return r;
};
