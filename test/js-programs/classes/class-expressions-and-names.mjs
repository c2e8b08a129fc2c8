// Names of anonymous and named classes, and the inner binding of a class name.
const nameOf = (f) => {
  try {
    return f();
  } catch (e) {
    return e.name;
  }
};
export default () => {
  const Anonymous = class {};
  const Named = class Inner {
    static who() {
      return Inner.name;
    }
  };
  let Moved = class K {
    same() {
      return K;
    }
  };
  const Old = Moved;
  Moved = null;
  const o = { klass: class {}, ['comp' + 1]: class {}, [Symbol('sy')]: class {} };
  class WithName {
    static name = 'mine';
  }
  class WithMethod {
    static name() {
      return 1;
    }
  }
  class Decl {
    static self = Decl;
    again() {
      return new Decl();
    }
  }
  const list = [class {}, class X {}];
  const [D = class {}] = [];
  const mixin = (B) =>
    class extends B {
      mixed() {
        return 'mixed';
      }
    };
  const Mixed = mixin(Decl);
  return {
    names: [
      Anonymous.name,
      Named.name,
      Named.who(),
      o.klass.name,
      o.comp1.name,
      o[Object.getOwnPropertySymbols(o)[0]].name,
      WithName.name,
      typeof WithMethod.name,
      list[0].name,
      list[1].name,
      D.name,
      Mixed.name,
      class {}.name,
    ],
    inner: [nameOf(() => Inner), new Old().same() === Old, Decl.self === Decl],
    mixed: [new Mixed().mixed(), new Mixed().again().constructor.name],
    typeofs: [
      typeof Anonymous,
      Object.keys(Decl),
      Decl.length,
      class {
        constructor(a, b) {}
      }.length,
    ],
    proto: [
      Object.getOwnPropertyDescriptor(Decl, 'prototype').writable,
      Object.getOwnPropertyNames(Decl.prototype),
      Object.getOwnPropertyNames(Anonymous).sort(),
    ],
    source: String(Decl).startsWith('class'),
    method: nameOf(() => new new Decl().again()),
  };
};
