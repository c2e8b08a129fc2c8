// Get, set, has, unset by path; defaults, omit, rename, deep map, key transforms.
export default () => {
  const P = (p) => (Array.isArray(p) ? p : p.match(/[^.[\]]+/g));
  const get = (o, p, d = null) => P(p).reduce((v, k) => v?.[k], o) ?? d;
  const set = (o, p, v) => {
    const ks = P(p);
    ks.slice(0, -1).reduce((t, k, i) => (t[k] ??= /^\d+$/.test(ks[i + 1]) ? [] : {}), o)[ks.at(-1)] = v;
    return o;
  };
  const unset = (o, p) => {
    const ks = P(p);
    const t = get(o, ks.slice(0, -1));
    return t ? delete t[ks.at(-1)] : false;
  };
  const deep = (f) => (v) =>
    Array.isArray(v)
      ? v.map(deep(f))
      : v && typeof v === 'object'
        ? Object.fromEntries(Object.entries(v).map(([k, x]) => f(k, deep(f)(x))))
        : v;
  const o = { a: [{ b: { c: 0 } }, { b: null }], d: '' };
  const omit = (x, ...ks) => Object.fromEntries(Object.entries(x).filter(([k]) => !ks.includes(k)));
  const dflt = (x, y) =>
    Object.entries(y).reduce(
      (t, [k, v]) => ({
        ...t,
        [k]:
          t[k] === undefined
            ? v
            : typeof v === 'object' && v && typeof t[k] === 'object' && t[k]
              ? dflt(t[k], v)
              : t[k],
      }),
      x,
    );
  return [
    get(o, 'a[0].b.c'),
    get(o, 'a[1].b.c', 'def'),
    get(o, 'd', 'x'),
    get(o, 'q.w'),
    get(null, 'a'),
    set({}, 'x.y[0].z', 5),
    set(structuredClone(o), 'a[1].b', 7).a[1],
    unset(o, 'a[0].b'),
    unset(o, 'no.way'),
    o,
    omit({ a: 1, b: 2 }, 'a'),
    dflt({ a: { x: 1 }, n: null }, { a: { x: 9, y: 2 }, n: 3, z: 4 }),
    deep((k, v) => [k.replace(/_(\w)/g, (_, c) => c.toUpperCase()), v])({
      a_b: [{ c_d: 1 }],
      e: { f_g_h: null },
    }),
  ];
};
