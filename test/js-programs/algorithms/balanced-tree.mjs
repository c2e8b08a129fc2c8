// An AVL tree and a treap with a fixed generator hold the same set.
const h = (n) => n?.h ?? 0;
const fix = (n) => {
  n.h = 1 + Math.max(h(n.l), h(n.r));
  return n;
};
const rr = (n) => {
  const l = n.l;
  n.l = l.r;
  l.r = fix(n);
  return fix(l);
};
const rl = (n) => {
  const r = n.r;
  n.r = r.l;
  r.l = fix(n);
  return fix(r);
};
const bal = (n) => {
  fix(n);
  const d = h(n.l) - h(n.r);
  if (d > 1) {
    if (h(n.l.l) < h(n.l.r)) n.l = rl(n.l);
    return rr(n);
  }
  if (d < -1) {
    if (h(n.r.r) < h(n.r.l)) n.r = rr(n.r);
    return rl(n);
  }
  return n;
};
const ins = (n, k) => {
  if (!n) return { k, h: 1 };
  if (k < n.k) n.l = ins(n.l, k);
  else if (k > n.k) n.r = ins(n.r, k);
  return bal(n);
};
const del = (n, k) => {
  if (!n) return n;
  if (k < n.k) n.l = del(n.l, k);
  else if (k > n.k) n.r = del(n.r, k);
  else {
    if (!n.l || !n.r) return n.l ?? n.r;
    let m = n.r;
    while (m.l) m = m.l;
    n.k = m.k;
    n.r = del(n.r, m.k);
  }
  return bal(n);
};
function* walk(n) {
  if (n) {
    yield* walk(n.l);
    yield n.k;
    yield* walk(n.r);
  }
}
const split = (t, k) => {
  if (!t) return [null, null];
  if (t.k < k) {
    const [a, b] = split(t.r, k);
    return [{ ...t, r: a }, b];
  }
  const [a, b] = split(t.l, k);
  return [a, { ...t, l: b }];
};
const merge = (a, b) =>
  !a ? b : !b ? a : a.p > b.p ? { ...a, r: merge(a.r, b) } : { ...b, l: merge(a, b.l) };
export default () => {
  let avl,
    treap = null,
    s = 99;
  const versions = [];
  const keys = Array.from({ length: 200 }, (_, i) => (i * 61) % 211);
  for (const k of keys) {
    avl = ins(avl, k);
    s = (s * 48271) % 2147483647;
    const [a, b] = split(treap, k);
    treap = merge(merge(a, { k, p: s }), b);
    if (k % 70 === 0) versions.push(treap);
  }
  const full = [...walk(avl)].join() === [...walk(treap)].join();
  const height = h(avl);
  for (const k of keys.filter((x) => x % 3)) avl = del(avl, k);
  return {
    full,
    height,
    size: [...walk(avl)].length,
    after: [...walk(avl)].slice(0, 10),
    h2: h(avl),
    sorted: [...walk(avl)].every((x, i, a) => !i || a[i - 1] < x),
    old: versions.map((v) => [...walk(v)].length),
  };
};
