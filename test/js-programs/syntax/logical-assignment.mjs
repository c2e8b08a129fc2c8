// ||=, &&= and ??= only assign where they have to.
export default () => {
  const log = [];
  const o = {
    _v: { a: null, b: 0, c: 'set', d: undefined },
    get a() {
      log.push('get a');
      return this._v.a;
    },
    set a(x) {
      log.push('set a');
      this._v.a = x;
    },
    get c() {
      log.push('get c');
      return this._v.c;
    },
    set c(x) {
      log.push('set c');
      this._v.c = x;
    },
  };
  const rhs = (x) => (log.push(`rhs ${x}`), x);
  o.a ??= rhs('A');
  o.a ??= rhs('again');
  o.c ||= rhs('C');
  o.c &&= rhs('CC');
  o._v.b ??= rhs(1);
  o._v.b ||= rhs(2);
  o._v.d &&= rhs(3);
  const fixed = Object.freeze({ x: 1 });
  fixed.x ||= rhs('not reached');
  let name;
  try {
    fixed.x &&= 2;
  } catch (e) {
    name = e.name;
  }
  const counts = {};
  for (const ch of 'mississippi') (counts[ch] ??= []).push(ch.length);
  const key = () => (log.push('key'), 'k');
  const obj = {};
  obj[key()] ??= 5;
  obj[key()] &&= obj.k + 1;
  let fn;
  fn ??= () => {};
  const constant = 1;
  eval('constant ||= 2;');
  return {
    log,
    values: { ...o._v, d: 'd' in o._v && o._v.d === undefined },
    name,
    counts: Object.keys(counts).map((k) => k + counts[k].length),
    obj,
    fn: fn.name,
  };
};
