// Maps as caches with composite keys, default counts, inverted indices.
export default () => {
  let calls = 0;
  const memo = (f) => {
    const root = new Map();
    return (...a) => {
      let m = root;
      for (const x of a) m = m.get(x) ?? m.set(x, new Map()).get(x);
      if (!m.has(memo)) m.set(memo, (calls++, f(...a)));
      return m.get(memo);
    };
  };
  const add = memo((a, b, c = 0) => a + b + c);
  const grid = memo((x, y) => (x === 0 || y === 0 ? 1 : grid(x - 1, y) + grid(x, y - 1)));
  const r = [add(1, 2), add(1, 2), add(1, 2, 3), add('1', 2), calls];
  const docs = ['red fish blue fish', 'one fish', 'red sky'];
  const ix = new Map();
  docs.forEach((d, i) => {
    for (const w of new Set(d.split(' '))) (ix.get(w) ?? ix.set(w, new Set()).get(w)).add(i);
  });
  const q = (...ws) => docs.map((_, i) => i).filter((i) => ws.every((w) => ix.get(w)?.has(i)));
  return {
    r,
    grid: grid(10, 10),
    calls,
    q: [q('fish'), q('red', 'fish'), q('none')],
    ix: [...ix].map(([w, s]) => w + [...s].join('')),
  };
};
