// Well-known sequences.
export default () => {
  const gen = (f, n) => Array.from({ length: n }, (_, i) => f(i));
  const phi = (n) =>
    gen((i) => i + 1, n).filter((k) => {
      let [a, b] = [k, n];
      while (b) [a, b] = [b, a % b];
      return a === 1;
    }).length;
  const look = (s) => s.replace(/(.)\1*/g, (m, c) => m.length + c);
  let l = '1';
  const rec = [0];
  for (let i = 1; i < 15; i++) {
    const d = rec[i - 1] - i;
    rec.push(d > 0 && !rec.includes(d) ? d : rec[i - 1] + i);
  }
  return {
    phi: gen((i) => phi(i + 1), 12),
    look: gen(() => {
      const t = l;
      l = look(l);
      return t;
    }, 7),
    rec,
    tri: gen((i) => (i * (i + 1)) / 2, 8),
    pascal: gen((n) => {
      const row = [1];
      for (let k = 1; k <= n; k++) row.push((row[k - 1] * (n - k + 1)) / k);
      return row;
    }, 6),
    thue: gen((i) => i.toString(2).replaceAll('0', '').length % 2, 16).join(''),
    happy: gen((i) => i + 1, 50).filter((n) => {
      const seen = new Set();
      while (n !== 1 && !seen.has(n)) {
        seen.add(n);
        n = [...String(n)].reduce((s, c) => s + c * c, 0);
      }
      return n === 1;
    }),
    amicable: gen((i) => i + 200, 100).filter((n) => {
      const d = (x) =>
        gen((i) => i + 1, x >> 1)
          .filter((k) => x % k === 0)
          .reduce((a, b) => a + b, 0);
      return d(d(n)) === n;
    }),
  };
};
