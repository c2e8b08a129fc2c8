// Levenshtein, Hamming, longest common subsequence, Soundex, Jaccard over bigrams.
const lev = (a, b) => {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] !== b[j - 1]));
    row = next;
  }
  return row.at(-1);
};
const lcs = (a, b) => {
  const t = Array.from({ length: a.length + 1 }, () => Array(b.length + 1).fill(''));
  for (let i = 1; i <= a.length; i++)
    for (let j = 1; j <= b.length; j++)
      t[i][j] =
        a[i - 1] === b[j - 1]
          ? t[i - 1][j - 1] + a[i - 1]
          : t[i - 1][j].length >= t[i][j - 1].length
            ? t[i - 1][j]
            : t[i][j - 1];
  return t.at(-1).at(-1);
};
const soundex = (s) => {
  const code = (c) => '01230120022455012623010202'[c.charCodeAt(0) - 65];
  const up = s.toUpperCase();
  let out = up[0],
    last = code(up[0]);
  for (const c of up.slice(1)) {
    const k = code(c);
    if (k !== '0' && k !== last) out += k;
    if (!'HW'.includes(c)) last = k;
  }
  return out.padEnd(4, '0').slice(0, 4);
};
const grams = (s, n = 2) =>
  new Set(Array.from({ length: Math.max(0, s.length - n + 1) }, (_, i) => s.slice(i, i + n)));
const jaccard = (a, b) => {
  const [x, y] = [grams(a), grams(b)];
  const both = [...x].filter((g) => y.has(g)).length;
  return `${both}/${x.size + y.size - both}`;
};
export default () => ({
  lev: [lev('kitten', 'sitting'), lev('', 'abc'), lev('flaw', 'lawn'), lev('same', 'same')],
  lcs: [lcs('AGGTAB', 'GXTXAYB'), lcs('abcdef', 'acf'), lcs('x', '')],
  soundex: ['Robert', 'Rupert', 'Ashcraft', 'Tymczak', 'Pfister', 'Lee'].map(soundex),
  jaccard: [jaccard('night', 'nacht'), jaccard('banana', 'bananas'), jaccard('a', 'b')],
  palindromes: ['racecar', 'A man, a plan, a canal: Panama', 'no'].map((s) => {
    const t = s.toLowerCase().replace(/[^a-z]/g, '');
    return t === [...t].reverse().join('');
  }),
  anagrams: Object.values(
    ['eat', 'tea', 'tan', 'ate', 'nat', 'bat'].reduce(
      (m, w) => ({ ...m, [[...w].sort().join('')]: [...(m[[...w].sort().join('')] ?? []), w] }),
      {},
    ),
  ),
});
