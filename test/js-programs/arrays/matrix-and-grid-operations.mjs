// Grids: neighbours, flood fill, transposition, diagonals, rotation, islands, spiral, saddle points.
export default () => {
  const g = ['##..#', '#..##', '..#..', '#...#'].map((r) => [...r]);
  const h = g.length,
    w = g[0].length;
  const nb = (y, x) =>
    [
      [0, 1],
      [1, 0],
      [0, -1],
      [-1, 0],
    ]
      .map(([a, b]) => [y + a, x + b])
      .filter(([a, b]) => g[a]?.[b] !== undefined);
  const fill = (y, x, seen) => {
    const q = [[y, x]],
      c = g[y][x];
    let n = 0;
    while (q.length) {
      const [a, b] = q.pop();
      if (seen.has(a * w + b) || g[a][b] !== c) continue;
      seen.add(a * w + b);
      n++;
      q.push(...nb(a, b));
    }
    return n;
  };
  const seen = new Set(),
    islands = [];
  g.forEach((r, y) =>
    r.forEach((c, x) => {
      if (c === '#' && !seen.has(y * w + x)) islands.push(fill(y, x, seen));
    }),
  );
  const m = [
    [1, 2, 3, 4],
    [5, 6, 7, 8],
    [9, 10, 11, 12],
  ];
  const rot = (a) => a[0].map((_, i) => a.map((r) => r[i]).reverse());
  const spiral = (a) => {
    const o = [];
    let b = a.map((r) => [...r]);
    while (b.length) {
      o.push(...b.shift());
      b = b.length && b[0].length ? b[0].map((_, i) => b.map((r) => r[r.length - 1 - i])) : [];
    }
    return o;
  };
  const diag = (a) => {
    const o = [];
    a.forEach((r, y) => r.forEach((v, x) => (o[x + y] ??= []).push(v)));
    return o;
  };
  const saddle = (a) =>
    a.flatMap((r, y) =>
      r.flatMap((v, x) => (r.every((u) => u <= v) && a.every((q) => q[x] >= v) ? [[y, x]] : [])),
    );
  const mines = g.map((r, y) =>
    r
      .map((c, x) =>
        c === '#'
          ? '#'
          : [-1, 0, 1].flatMap((a) => [-1, 0, 1].map((b) => g[y + a]?.[x + b])).filter((q) => q === '#')
              .length,
      )
      .join(''),
  );
  return {
    islands,
    rot: rot(m),
    full: JSON.stringify(rot(rot(rot(rot(m))))) === JSON.stringify(m),
    spiral: spiral(m),
    diag: diag(m),
    saddle: saddle([
      [9, 8, 7],
      [5, 3, 2],
      [6, 6, 7],
    ]),
    mines,
    h,
  };
};
