// The names and lengths that functions get by themselves.
export default () => {
  const arrow = () => {};
  const fn = function () {};
  const own = function ownName() {};
  let assigned;
  assigned = () => {};
  const o = {
    m() {},
    f: () => {},
    'a b': () => {},
    1: () => {},
    [`c${1}`]: () => {},
    [Symbol('desc')]() {},
    [Symbol()]() {},
    async am() {},
    *gm() {},
    get g() {
      return 1;
    },
  };
  const syms = Object.getOwnPropertySymbols(o);
  const { x = () => {}, y: z = function () {} } = {};
  const [el = () => {}] = [];
  const par = ((p = () => {}) => p.name)();
  const later = {};
  later.prop = () => {};
  const d = Object.getOwnPropertyDescriptor(arrow, 'name');
  const renamed = Object.defineProperty(() => {}, 'name', { value: 'renamed' });
  const lens = [
    () => {},
    (a) => a,
    (a, b) => a,
    (a, b = 1) => a,
    (...a) => a,
    ({ a }, [b]) => a,
    (a = 1, b) => a,
    function () {},
    Math.max,
    Array.from,
    [].push,
    String.fromCharCode,
    parseInt,
    Object.assign,
    JSON.stringify,
    Function,
    Promise,
  ];
  return {
    names: [
      arrow,
      fn,
      own,
      assigned,
      o.m,
      o.f,
      o['a b'],
      o[1],
      o.c1,
      o[syms[0]],
      o[syms[1]],
      o.am,
      o.gm,
      x,
      z,
      el,
      later.prop,
      renamed,
      new Function(),
      Object.getOwnPropertyDescriptor(o, 'g').get,
      [].map,
      Symbol.prototype[Symbol.toPrimitive],
      () => {},
      function () {}.bind(),
    ].map((f) => f.name),
    par,
    desc: [d.writable, d.enumerable, d.configurable],
    lens: lens.map((f) => f.length),
  };
};
