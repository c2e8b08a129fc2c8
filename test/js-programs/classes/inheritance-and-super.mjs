// super in methods, statics, accessors, arrows and object literals; home objects stay put.
const nameOf = (f) => {
  try {
    return f();
  } catch (e) {
    return e.name;
  }
};
class A {
  constructor(x) {
    this.x = x;
    this.made = new.target.name;
  }
  hi() {
    return `A.hi ${this.x}`;
  }
  get v() {
    return `A.v ${this.x}`;
  }
  set v(n) {
    this.stored = `A.${n}`;
  }
  static make(...a) {
    return new this(...a);
  }
}
class B extends A {
  constructor(x) {
    const early = () => this;
    super(x * 2);
    this.same = early() === this;
  }
  hi() {
    return `B>${super.hi()}`;
  }
  get v() {
    return `B>${super.v}`;
  }
  set v(n) {
    super.v = `${n}!`;
  }
  later() {
    return [1, 2].map((n) => super.hi() + n);
  }
  setSuper() {
    super.fresh = 1;
    return Object.hasOwn(this, 'fresh') && !('fresh' in A.prototype);
  }
  static make(x) {
    return super.make(x + 1);
  }
}
class C extends B {
  hi() {
    const k = 'hi';
    return `C>${super[k]()}`;
  }
}
export default () => {
  const c = C.make(1);
  c.v = 'z';
  const base = {
    greet() {
      return `base ${this.n}`;
    },
  };
  const obj = {
    __proto__: base,
    n: 7,
    greet() {
      return `obj ${super.greet()}`;
    },
  };
  const moved = { n: 8, greet: obj.greet };
  class NoSuper extends A {
    constructor() {}
  }
  class Twice extends A {
    constructor() {
      super();
      super();
    }
  }
  class Early extends A {
    constructor() {
      this.x = 1;
      super();
    }
  }
  class Returns extends A {
    constructor() {
      return { plain: true };
    }
  }
  class ReturnsPrim extends A {
    constructor() {
      super();
      return 5;
    }
  }
  return {
    hi: c.hi(),
    v: c.v,
    stored: c.stored,
    x: c.x,
    made: c.made,
    same: c.same,
    later: c.later(),
    setSuper: c.setSuper(),
    obj: obj.greet(),
    moved: moved.greet(),
    errors: [NoSuper, Twice, Early, ReturnsPrim].map((K) => nameOf(() => new K().x)),
    returns: new Returns().plain,
    call: nameOf(() => A()),
    extendsBad: [5, undefined, {}, () => {}].map((p) => nameOf(() => class extends p {}.name)),
    chain: [
      Object.getPrototypeOf(C) === B,
      C.prototype instanceof A,
      Object.getPrototypeOf(B.prototype) === A.prototype,
    ],
  };
};
