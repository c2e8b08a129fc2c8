// Sudoku by constraint bits and backtracking.
const solve = (s) => {
  const g = [...s].map((c) => (c === '.' ? 0 : +c));
  const row = Array(9).fill(0),
    col = Array(9).fill(0),
    box = Array(9).fill(0);
  const at = (i) => [Math.floor(i / 9), i % 9, Math.floor(i / 27) * 3 + Math.floor((i % 9) / 3)];
  const flip = (i, b) => {
    const [r, c, x] = at(i);
    row[r] ^= b;
    col[c] ^= b;
    box[x] ^= b;
  };
  g.forEach((v, i) => v && flip(i, 1 << v));
  let nodes = 0;
  const go = () => {
    let best = -1,
      opts = 0,
      n = 10;
    for (let i = 0; i < 81; i++)
      if (!g[i]) {
        const [r, c, x] = at(i);
        const o = ~(row[r] | col[c] | box[x]) & 0x3fe;
        const k = o.toString(2).replaceAll('0', '').length;
        if (k < n) [best, opts, n] = [i, o, k];
      }
    if (best < 0) return true;
    for (let v = 1; v <= 9; v++)
      if (opts & (1 << v)) {
        nodes++;
        g[best] = v;
        flip(best, 1 << v);
        if (go()) return true;
        flip(best, 1 << v);
        g[best] = 0;
      }
    return false;
  };
  return [go() ? g.join('') : 'none', nodes];
};
export default () =>
  [
    '53..7....6..195....98....6.8...6...34..8.3..17...2...6.6....28....419..5....8..79',
    '..9748...7.........2.1.9.....7...24..64.1.59..98...3.....8.3.2.........6...2759..',
    '55..7....6..195....98....6.8...6...34..8.3..17...2...6.6....28....419..5....8..7.'.replace('55', '5.'),
  ].map(solve);
