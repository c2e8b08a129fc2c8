// KMP, Boyer-Moore-Horspool, Rabin-Karp, Z function, suffix array, Manacher.
const kmp = (t, p) => {
  const f = [0];
  for (let i = 1, k = 0; i < p.length; i++) {
    while (k && p[i] !== p[k]) k = f[k - 1];
    f[i] = p[i] === p[k] ? ++k : k;
  }
  const out = [];
  for (let i = 0, k = 0; i < t.length; i++) {
    while (k && t[i] !== p[k]) k = f[k - 1];
    if (t[i] === p[k]) k++;
    if (k === p.length) {
      out.push(i - k + 1);
      k = f[k - 1];
    }
  }
  return [f, out];
};
const horspool = (t, p) => {
  const sh = new Map([...p.slice(0, -1)].map((c, i) => [c, p.length - 1 - i]));
  const out = [];
  for (let i = 0; i + p.length <= t.length; i += sh.get(t[i + p.length - 1]) ?? p.length)
    if (t.startsWith(p, i)) out.push(i);
  return out;
};
const rk = (t, p) => {
  const B = 257,
    M = 1000003,
    m = p.length;
  let hp = 0,
    ht = 0,
    pw = 1;
  for (let i = 0; i < m; i++) {
    hp = (hp * B + p.charCodeAt(i)) % M;
    ht = (ht * B + t.charCodeAt(i)) % M;
    if (i) pw = (pw * B) % M;
  }
  const out = [];
  for (let i = 0; i + m <= t.length; i++) {
    if (hp === ht && t.startsWith(p, i)) out.push(i);
    ht = ((ht - ((t.charCodeAt(i) * pw) % M) + M) * B + t.charCodeAt(i + m)) % M;
  }
  return out;
};
const z = (s) => {
  const a = [s.length];
  for (let i = 1, l = 0, r = 0; i < s.length; i++) {
    a[i] = i < r ? Math.min(r - i, a[i - l]) : 0;
    while (s[a[i]] !== undefined && s[a[i]] === s[i + a[i]]) a[i]++;
    if (i + a[i] > r) [l, r] = [i, i + a[i]];
  }
  return a;
};
const sa = (s) => [...s].map((_, i) => i).sort((a, b) => (s.slice(a) < s.slice(b) ? -1 : 1));
const pal = (s) => {
  const t = `^#${[...s].join('#')}#$`;
  const p = Array(t.length).fill(0);
  let c = 0,
    r = 0,
    best = 0;
  for (let i = 1; i < t.length - 1; i++) {
    if (i < r) p[i] = Math.min(r - i, p[2 * c - i]);
    while (t[i + p[i] + 1] === t[i - p[i] - 1]) p[i]++;
    if (i + p[i] > r) [c, r] = [i, i + p[i]];
    if (p[i] > p[best]) best = i;
  }
  const st = (best - p[best] - 1) >> 1;
  return s.slice(st, st + p[best]);
};
export default () => {
  const t = 'abracadabra abracadabra cadabrac',
    p = 'abra';
  return {
    kmp: kmp(t, p),
    hp: horspool(t, p),
    rk: rk(t, p),
    z: z('aabxaabxcaabxaabxay'),
    sa: sa('banana'),
    pal: ['babad', 'forgeeksskeegfor', 'x', 'cbbd'].map(pal),
    agree: ['a', 'cad', 'rac', 'zz', 'abra '].every(
      (q) => kmp(t, q)[1].join() === horspool(t, q).join() && rk(t, q).join() === horspool(t, q).join(),
    ),
  };
};
