// Conditional chains, early returns, arrow bodies, comma results: what each form evaluates to.
export default () => {
  const obj = () => ({});
  const block = () => {};
  const label = () => {
    a: 1;
  };
  const seq = () => (1, 2, 3);
  const cond = (n) => (n < 0 ? 'neg' : n === 0 ? 'zero' : n < 10 ? 'small' : n < 100 ? 'medium' : 'large');
  const early = (x) => {
    if (!x) return 'none';
    if (Array.isArray(x)) {
      for (const v of x) if (v > 2) return v;
      return 'no big';
    }
    return typeof x;
  };
  const async = (async) => async;
  const arrowChain = (a) => (b) => (c) => (d) => [a, b, c, d];
  const noParens = (x) => (y) => x - y;
  const ret = () => {
    return 'wrapped';
  };
  const values = [0, '', null, undefined, NaN, false, [], {}, 'a', -1, 0n, 1n];
  return {
    obj: obj(),
    block: block() === undefined,
    label: label() === undefined,
    seq: seq(),
    cond: [-5, 0, 5, 50, 500].map(cond),
    early: [early(), early([1, 2, 3]), early([1]), early('s')],
    async: async(1),
    chain: arrowChain(1)(2)(3)(4),
    sub: noParens(5)(3),
    ret: ret(),
    truthy: values.map(Boolean),
    or: values.map((v) => String(v || 'alt')),
    and: values.map((v) => String(v && 'yes')),
    nn: values.map((v) => String(v ?? 'nil')),
    mixed: [(1 && 0) || 2, (null ?? 0) || 3, !1 || (!0 && 'x'), 1 > 2 > -1, 3 > 2 > 1],
  };
};
