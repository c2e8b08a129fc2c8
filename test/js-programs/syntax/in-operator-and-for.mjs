// `in` inside and outside of loop heads, with parentheses, private names and strings.
export default () => {
  const out = [];
  const o = { a: 1, b: 2 };
  for (const k in o) if ('a' in o) out.push(k);
  for (let i = ('a' in o) ? 0 : 9; i < 2; i++) out.push(i);
  for (var v = (0, ('b' in o)); v; v = false) out.push(v);
  out.push(
    'x' in o || 'b' in o,
    !('x' in o),
    'length' in [],
    0 in 'a'.split(''),
    1 in [, 1],
    Symbol.iterator in [],
    'a' in o in { true: 1 },
  );
  class P {
    #p;
    static t = (x) => #p in x && !(#p in {});
  }
  out.push(P.t(new P()));
  for (const k of Object.keys(o).filter((k) => k in { b: 0 })) out.push(k);
  return out;
};
