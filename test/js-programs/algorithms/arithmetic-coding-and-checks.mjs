// Arithmetic coding on fractions of BigInt, Hamming codes, parity, Reed-Muller style repetition.
export default () => {
  const freq = (s) => {
    const f = {};
    for (const c of [...s].sort()) f[c] = (f[c] ?? 0n) + 1n;
    let lo = 0n;
    return Object.entries(f).map(([c, n]) => {
      const e = { c, lo, n };
      lo += n;
      return e;
    });
  };
  const enc = (s) => {
    const f = freq(s),
      t = BigInt(s.length);
    let [lo, r] = [0n, 1n],
      d = 1n;
    for (const c of s) {
      const e = f.find((x) => x.c === c);
      lo = lo * t + r * e.lo;
      r *= e.n;
      d *= t;
    }
    return { code: lo * 2n + r, d: d * 2n, f, n: s.length };
  };
  const dec = ({ code, d, f, n }) => {
    const t = BigInt(n);
    let out = '';
    for (let i = 0; i < n; i++) {
      const k = (code * t) / d;
      const e = f.findLast((x) => x.lo <= k);
      out += e.c;
      code = code * t - e.lo * d;
      d *= e.n;
    }
    return out;
  };
  const ham = (d) => {
    const [a, b, c, e] = d;
    return [a ^ b ^ e, a ^ c ^ e, a, b ^ c ^ e, b, c, e];
  };
  const fix = (w) => {
    const p = w.reduce((s, b, i) => (b ? s ^ (i + 1) : s), 0);
    const v = [...w];
    if (p) v[p - 1] ^= 1;
    return [[v[2], v[4], v[5], v[6]], p];
  };
  const e = enc('mississippi');
  const words = Array.from({ length: 16 }, (_, i) => [8, 4, 2, 1].map((b) => +!!(i & b)));
  return {
    bits: e.code.toString(2).length,
    code: e.code.toString(36),
    back: dec(e),
    ham: words.every((d) =>
      [0, 1, 2, 3, 4, 5, 6].every((k) => {
        const w = ham(d);
        w[k] ^= 1;
        const [x, p] = fix(w);
        return x.join() === d.join() && p === k + 1;
      }),
    ),
    clean: fix(ham([1, 0, 1, 1])),
    dist: Math.min(
      ...words.flatMap((a) =>
        words.filter((b) => a !== b).map((b) => ham(a).filter((x, i) => x !== ham(b)[i]).length),
      ),
    ),
    vote: ['110', '001', '111', '010'].map((s) => +([...s].filter((c) => c === '1').length > 1)),
  };
};
