// The arguments object in strict code, and arrows that borrow it.
export default () => {
  function f(a, b) {
    arguments[0] = 'x';
    a = 'y';
    return [arguments[0], a, arguments.length, b === undefined];
  }
  function g() {
    const h = () => arguments[0];
    return h('inner');
  }
  function types() {
    return [
      Array.isArray(arguments),
      Object.prototype.toString.call(arguments),
      typeof arguments[Symbol.iterator],
      Object.keys(arguments),
    ];
  }
  function sum() {
    let t = 0;
    for (const x of arguments) t += x;
    return t;
  }
  function slice() {
    return Array.prototype.slice.call(arguments, 1);
  }
  function del() {
    delete arguments[0];
    arguments.length = 2;
    return Array.from(arguments).map((v) => v ?? 'hole');
  }
  function fwd() {
    return Math.max.apply(null, arguments);
  }
  function defaults(a = 1) {
    a = 2;
    return arguments[0];
  }
  const m = {
    method() {
      return arguments.length;
    },
    get acc() {
      return arguments.length;
    },
    async am() {
      return arguments.length;
    },
  };
  function inner() {
    return (function () {
      return arguments.length;
    })(1, 2, 3);
  }
  function concat() {
    return [0].concat(arguments).length;
  }
  function spreadable() {
    arguments[Symbol.isConcatSpreadable] = true;
    return [0].concat(arguments);
  }
  return [
    f('a'),
    g('outer'),
    types('p', 'q'),
    sum(1, 2, 3),
    slice(1, 2, 3),
    del(7, 8, 9),
    fwd(4, 9, 2),
    defaults(5),
    m.method(1, 2),
    m.acc,
    inner(),
    concat(1, 2),
    spreadable(1, 2),
  ];
};
