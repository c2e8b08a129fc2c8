// Set algebra on relations: closure, equivalence classes, colouring, power relations.
export default () => {
  const key = (a, b) => `${a}>${b}`;
  const rel = (s) => new Set(s.split(' '));
  const closure = (r) => {
    const out = new Set(r);
    for (const x of out)
      for (const y of out) {
        const [[a, b], [c, d]] = [x.split('>'), y.split('>')];
        if (b === c) out.add(key(a, d));
      }
    return out;
  };
  const c = closure(rel('a>b b>c c>d x>y'));
  const sym = (r) => [...r].every((p) => r.has(p.split('>').reverse().join('>')));
  const classes = (xs, eq) =>
    xs
      .reduce((cs, x) => {
        const hit = cs.find((k) => eq([...k][0], x));
        if (hit) hit.add(x);
        else cs.push(new Set([x]));
        return cs;
      }, [])
      .map((k) => [...k]);
  const color = (es) => {
    const g = new Map();
    for (const [a, b] of es) {
      (g.get(a) ?? g.set(a, new Set()).get(a)).add(b);
      (g.get(b) ?? g.set(b, new Set()).get(b)).add(a);
    }
    const col = new Map();
    for (const v of [...g.keys()].sort((a, b) => g.get(b).size - g.get(a).size || (a < b ? -1 : 1))) {
      const used = new Set([...g.get(v)].map((w) => col.get(w)));
      let k = 0;
      while (used.has(k)) k++;
      col.set(v, k);
    }
    return Object.fromEntries([...col].sort());
  };
  const venn = (...ss) =>
    Object.fromEntries(
      [
        ...ss.reduce((m, s, i) => {
          for (const x of s) m.set(x, (m.get(x) ?? 0) | (1 << i));
          return m;
        }, new Map()),
      ].map(([x, b]) => [x, b.toString(2).padStart(ss.length, '0')]),
    );
  return [
    [...c].sort(),
    sym(c),
    sym(rel('a>b b>a')),
    classes([1, 4, 7, 2, 5, 9], (a, b) => a % 3 === b % 3),
    color(['ab', 'bc', 'ca', 'cd', 'de']),
    venn('abc', 'bcd', 'ce'),
  ];
};
