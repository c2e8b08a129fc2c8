// LZ77 tokens, then Huffman codes, and back again.
const lz = (s) => {
  const out = [];
  for (let i = 0; i < s.length; ) {
    let best = [0, 0];
    for (let j = Math.max(0, i - 255); j < i; j++) {
      let n = 0;
      while (n < 15 && i + n < s.length - 1 && s[j + n] === s[i + n]) n++;
      if (n > best[1]) best = [i - j, n];
    }
    out.push([...best, s[i + best[1]]]);
    i += best[1] + 1;
  }
  return out;
};
const unlz = (t) =>
  t.reduce((s, [d, n, c]) => {
    const at = s.length - d;
    for (let k = 0; k < n; k++) s += s[at + k];
    return s + c;
  }, '');
const huff = (s) => {
  let nodes = Object.entries([...s].reduce((m, c) => ({ ...m, [c]: (m[c] ?? 0) + 1 }), {}))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([c, n], i) => ({ c, n, i }));
  let id = nodes.length;
  while (nodes.length > 1) {
    nodes.sort((a, b) => a.n - b.n || a.i - b.i);
    const [l, r] = nodes.splice(0, 2);
    nodes.push({ l, r, n: l.n + r.n, i: id++ });
  }
  const codes = {};
  (function walk(n, p) {
    if (n.c !== undefined) codes[n.c] = p || '0';
    else {
      walk(n.l, `${p}0`);
      walk(n.r, `${p}1`);
    }
  })(nodes[0], '');
  return { codes, bits: [...s].map((c) => codes[c]).join(''), tree: nodes[0] };
};
const unhuff = ({ bits, tree }) => {
  let out = '',
    n = tree;
  for (const b of bits) {
    n = b === '0' ? n.l : n.r;
    if (n.c !== undefined) {
      out += n.c;
      n = tree;
    }
  }
  return out;
};
export default () => {
  const text = 'the rain in spain falls mainly in the plain; the rain in spain';
  const t = lz(text);
  const h = huff(text);
  return {
    tokens: t.length,
    first: t.slice(0, 8),
    back: unlz(t) === text,
    bits: h.bits.length,
    ratio: Math.round((h.bits.length / text.length / 8) * 1000),
    codes: h.codes,
    hback: unhuff(h) === text,
    runs: unlz(lz('a'.repeat(100) + 'b')).length,
  };
};
