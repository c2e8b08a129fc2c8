// this by every means: call, apply, bind, arrows, methods taken off, getters.
export default () => {
  function who(...args) {
    return [this?.name ?? typeof this, ...args].join(',');
  }
  const o = { name: 'o', who, arrow: () => typeof this, nested: { name: 'nested', who } };
  const bound = who.bind({ name: 'bound' }, 1, 2);
  const rebound = bound.bind({ name: 'ignored' }, 3);
  class K {
    name = 'k';
    m() {
      return this?.name ?? 'lost';
    }
  }
  const { m } = new K();
  const unbound = Function.prototype.call.bind(Array.prototype.slice);
  const arrayLike = { length: 2, 0: 'a', 1: 'b' };
  return {
    plain: who(1),
    method: o.who(),
    nested: o.nested.who(),
    comma: (0, o.who)(),
    paren: o.who(),
    call: who.call(o, 'x'),
    apply: who.apply({ name: 'ap' }, arrayLike),
    prim: who.call(5),
    nul: who.apply(null),
    bound: bound(9),
    rebound: rebound(4),
    asMethod: { name: 'z', bound }.bound(),
    arrow: o.arrow(),
    lost: m(),
    unbound: unbound(arrayLike, 1),
    names: [bound.name, rebound.name, who.bind().length, ((a, b, c) => {}).bind(null, 1).length],
    reflect: Reflect.apply(who, { name: 'r' }, [1]),
    newBound: new (function P(a, b) {
      this.s = a + b;
    }.bind(null, 1))(2).s,
    proto: 'prototype' in bound,
    apply2: Math.min.apply(undefined, [3, 1, 2]),
    callChain: who.call.call(who, { name: 'cc' }, 'q'),
  };
};
