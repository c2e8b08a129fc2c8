// Form encoding round trips, multi values, nested keys, repeated updates.
export default () => {
  const nest = (qs) => {
    const out = {};
    for (const [k, v] of new URLSearchParams(qs)) {
      const path = [k.replace(/\[.*/, ''), ...[...k.matchAll(/\[(.*?)\]/g)].map((m) => m[1])];
      let o = out;
      path.forEach((p, i) => {
        const last = i === path.length - 1;
        const key = p === '' ? o.length : p;
        if (last) o[key] = v;
        else o = o[key] ??= path[i + 1] === '' || /^\d+$/.test(path[i + 1]) ? [] : {};
      });
    }
    return out;
  };
  const flat = (o, pre = '') =>
    Object.entries(o).flatMap(([k, v]) => {
      const n = pre ? `${pre}[${k}]` : k;
      return v && typeof v === 'object' ? flat(v, n) : [[n, String(v)]];
    });
  const p = new URLSearchParams(flat({ a: { b: [1, 'x y'], c: { d: '&=' } }, e: 'é' }));
  const q = new URLSearchParams('a=1&b=2&a=3');
  const seen = [];
  for (const [k] of q) {
    seen.push(k);
    if (seen.length === 1) q.delete('b');
  }
  const r = new URLSearchParams([['n', '1']]);
  r.append('n', 'a+b');
  r.append('m', 'c d%20');
  return [
    String(p),
    nest(String(p)),
    seen,
    String(q),
    String(r),
    new URLSearchParams(String(r)).getAll('n'),
    [...r.entries()].length,
    nest('x[]=1&x[]=2&y[k]=v'),
    String(new URLSearchParams("a=%00%7f~!*()'")),
  ];
};
