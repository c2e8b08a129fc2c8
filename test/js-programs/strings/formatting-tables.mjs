// A sprintf, a table printer and a word wrapper.
const sprintf = (f, ...args) => {
  let i = 0;
  return f.replace(/%(-|0|\+)?(\d+)?(?:\.(\d+))?([sdfxXbeoc%])/g, (_, flag, width, prec, t) => {
    if (t === '%') return '%';
    const v = args[i++];
    let s = {
      s: () => (prec ? String(v).slice(0, prec) : String(v)),
      d: () => Math.trunc(v).toString(),
      f: () => Number(v).toFixed(prec ?? 6),
      x: () => (v >>> 0).toString(16),
      X: () => (v >>> 0).toString(16).toUpperCase(),
      b: () => (v >>> 0).toString(2),
      o: () => (v >>> 0).toString(8),
      e: () => Number(v).toExponential(prec ?? 6),
      c: () => String.fromCodePoint(v),
    }[t]();
    if (flag === '+' && v >= 0) s = `+${s}`;
    if (width) s = flag === '-' ? s.padEnd(width) : s.padStart(width, flag === '0' ? '0' : ' ');
    return s;
  });
};
const table = (rows) => {
  const cols = Object.keys(rows[0]);
  const w = cols.map((c) => Math.max(c.length, ...rows.map((r) => String(r[c]).length)));
  const line = (vals) =>
    `| ${vals.map((v, i) => (typeof v === 'number' ? String(v).padStart(w[i]) : String(v).padEnd(w[i]))).join(' | ')} |`;
  return [
    line(cols),
    `|${w.map((n) => '-'.repeat(n + 2)).join('|')}|`,
    ...rows.map((r) => line(cols.map((c) => r[c]))),
  ];
};
const wrap = (text, width) =>
  text.split(' ').reduce(
    (ls, w) => {
      if ((ls.at(-1) + w).length >= width) ls.push(w);
      else ls[ls.length - 1] += (ls.at(-1) && ' ') + w;
      return ls;
    },
    [''],
  );
const roman = (n) =>
  [
    [1000, 'M'],
    [900, 'CM'],
    [500, 'D'],
    [400, 'CD'],
    [100, 'C'],
    [90, 'XC'],
    [50, 'L'],
    [40, 'XL'],
    [10, 'X'],
    [9, 'IX'],
    [5, 'V'],
    [4, 'IV'],
    [1, 'I'],
  ].reduce((s, [v, r]) => {
    while (n >= v) {
      s += r;
      n -= v;
    }
    return s;
  }, '');
export default () => ({
  printf: [
    sprintf(
      '%5d|%-5s|%05.1f|%x|%X|%b|%+d|%.2s|%%|%c|%o',
      42,
      'ab',
      3.14159,
      255,
      255,
      10,
      7,
      'xyz',
      0x1f600,
      8,
    ),
    sprintf('%8.3e|%3s', 12345.678, 'long'),
  ],
  table: table([
    { name: 'apple', n: 3, price: '1.20' },
    { name: 'kiwi', n: 125, price: '0.5' },
  ]),
  wrap: wrap('the quick brown fox jumps over the lazy dog and runs away from everything', 20),
  roman: [1994, 2024, 3999, 4].map(roman),
});
