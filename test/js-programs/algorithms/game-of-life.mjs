// Life on an endless plane of Sets; on a torus of bytes; a rule 110 line.
const step = (live) => {
  const n = new Map();
  for (const k of live) {
    const [x, y] = k.split(',').map(Number);
    for (let dx = -1; dx <= 1; dx++)
      for (let dy = -1; dy <= 1; dy++)
        if (dx || dy) {
          const q = `${x + dx},${y + dy}`;
          n.set(q, (n.get(q) ?? 0) + 1);
        }
  }
  return new Set([...n].filter(([k, c]) => c === 3 || (c === 2 && live.has(k))).map(([k]) => k));
};
const read = (rows) =>
  new Set(rows.flatMap((r, y) => [...r].flatMap((c, x) => (c === '#' ? [`${x},${y}`] : []))));
const torus = (w, h, cells) => {
  let g = new Uint8Array(w * h);
  for (const [x, y] of cells) g[y * w + x] = 1;
  return (n) => {
    while (n--)
      g = g.map((v, i) => {
        let c = 0;
        for (const dy of [h - 1, 0, 1])
          for (const dx of [w - 1, 0, 1])
            if (dx || dy) c += g[((Math.floor(i / w) + dy) % h) * w + (((i % w) + dx) % w)];
        return +(c === 3 || (c === 2 && v === 1));
      });
    return Array.from({ length: h }, (_, y) => [...g.slice(y * w, y * w + w)].map((v) => '.#'[v]).join(''));
  };
};
const rule = (n, s, steps) =>
  Array.from({ length: steps }, () => {
    const was = s;
    s = [...s]
      .map(
        (_, i) =>
          '.#'[
            (n >>
              ['.#'.indexOf(was[i - 1] ?? '.'), '.#'.indexOf(was[i]), '.#'.indexOf(was[i + 1] ?? '.')].reduce(
                (a, b) => a * 2 + b,
              )) &
              1
          ],
      )
      .join('');
    return was;
  });
export default () => {
  let g = read(['.#.', '..#', '###']);
  for (let i = 0; i < 40; i++) g = step(g);
  let r = read(['.##', '##.', '.#.']);
  const pop = [];
  for (let i = 0; i < 30; i++) {
    pop.push(r.size);
    r = step(r);
  }
  return {
    glider: [...g].sort(),
    pop,
    torus: torus(6, 6, [
      [1, 0],
      [2, 1],
      [0, 2],
      [1, 2],
      [2, 2],
    ])(24),
    rule: rule(110, '.............#', 10),
    r90: rule(90, '.......#.......', 8),
  };
};
