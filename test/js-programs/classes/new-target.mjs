// new.target in functions, classes, arrows and through Reflect.construct.
export default () => {
  function F() {
    return { nt: new.target?.name ?? 'none', arrow: (() => new.target === F)() };
  }
  class Shape {
    constructor() {
      if (new.target === Shape) throw new TypeError('abstract');
      this.kind = new.target.kind;
    }
  }
  class Square extends Shape {
    static kind = 'square';
  }
  class Loud extends Square {
    static kind = 'loud';
  }
  let abstract;
  try {
    new Shape();
  } catch (e) {
    abstract = e.name;
  }
  class Other {
    static kind = 'other';
    hello() {
      return 'hello';
    }
  }
  const r = Reflect.construct(Square, [], Other);
  function Old(x) {
    if (!new.target) return new Old(x);
    this.x = x;
  }
  Old.prototype.get = function () {
    return this.x;
  };
  const bound = Old.bind(null, 5);
  const o = {
    method() {
      return new.target;
    },
  };
  const inEval = class {
    constructor() {
      this.nt = eval('new.target.name');
    }
  };
  return {
    call: F(),
    new: new F(),
    abstract,
    square: new Square().kind,
    loud: new Loud().kind,
    reflect: [r.kind, r instanceof Other, r instanceof Square, r.hello()],
    old: [Old(3).get(), new Old(4).get(), new bound().get(), new bound() instanceof Old],
    method: o.method() === undefined,
    inEval: new inEval().nt,
    array: Reflect.construct(Array, [3], Square) instanceof Square,
  };
};
