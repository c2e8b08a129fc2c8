// LZW, Burrows-Wheeler with move to front.
const lzw = (s) => {
  const d = new Map(Array.from({ length: 256 }, (_, i) => [String.fromCharCode(i), i]));
  const out = [];
  let w = '';
  for (const c of s) {
    if (d.has(w + c)) w += c;
    else {
      out.push(d.get(w));
      d.set(w + c, d.size);
      w = c;
    }
  }
  if (w) out.push(d.get(w));
  return out;
};
const unlzw = ([h, ...codes]) => {
  const d = Array.from({ length: 256 }, (_, i) => String.fromCharCode(i));
  let w = d[h],
    out = w;
  for (const k of codes) {
    const e = d[k] ?? w + w[0];
    out += e;
    d.push(w + e[0]);
    w = e;
  }
  return out;
};
const bwt = (s) => {
  const t = `${s}\0`;
  return [...t]
    .map((_, i) => t.slice(i) + t.slice(0, i))
    .sort()
    .map((r) => r.at(-1))
    .join('');
};
const unbwt = (l) => {
  const order = [...l]
    .map((c, i) => [c, i])
    .sort(([a, i], [b, j]) => (a < b ? -1 : a > b ? 1 : i - j))
    .map(([, i]) => i);
  let out = '',
    p = order[0];
  for (let k = 0; k < l.length; k++) {
    out += l[p];
    p = order[p];
  }
  return out.replace('\0', '');
};
const mtf = (s) => {
  const a = [...new Set(s)].sort();
  const alpha = a.join('');
  return [
    alpha,
    [...s].map((c) => {
      const i = a.indexOf(c);
      a.splice(i, 1);
      a.unshift(c);
      return i;
    }),
  ];
};
export default () => {
  const s = 'TOBEORNOTTOBEORTOBEORNOT';
  const z = lzw(s);
  const b = bwt('banana bandana');
  return {
    z,
    back: unlzw(z),
    cscsc: unlzw(lzw('ababababab')),
    b: b.replace('\0', '$'),
    ub: unbwt(b),
    mtf: mtf('bananaaa'),
  };
};
