// A trie with counts, prefix search, wildcard search and deletion; Aho-Corasick.
class Trie {
  #root = { kids: new Map(), n: 0 };
  insert(w) {
    let t = this.#root;
    for (const c of w) {
      if (!t.kids.has(c)) t.kids.set(c, { kids: new Map(), n: 0 });
      t = t.kids.get(c);
    }
    t.n++;
    return this;
  }
  #at(p) {
    let t = this.#root;
    for (const c of p) if (!(t = t.kids.get(c))) return undefined;
    return t;
  }
  has(w) {
    return (this.#at(w)?.n ?? 0) > 0;
  }
  *words(p = '', t = this.#at(p)) {
    if (!t) return;
    if (t.n) yield p;
    for (const [c, k] of [...t.kids].sort(([a], [b]) => (a < b ? -1 : 1))) yield* this.words(p + c, k);
  }
  *match(pat, t = this.#root, done = '') {
    if (!pat) {
      if (t.n) yield done;
      return;
    }
    for (const [c, k] of t.kids)
      if (pat[0] === '?' || pat[0] === c) yield* this.match(pat.slice(1), k, done + c);
  }
  remove(w) {
    const go = (t, i) => {
      if (i === w.length) {
        if (!t.n) return false;
        t.n--;
        return true;
      }
      const k = t.kids.get(w[i]);
      if (!k || !go(k, i + 1)) return false;
      if (!k.n && !k.kids.size) t.kids.delete(w[i]);
      return true;
    };
    return go(this.#root, 0);
  }
  get nodes() {
    const c = (t) => 1 + [...t.kids.values()].reduce((s, k) => s + c(k), 0);
    return c(this.#root);
  }
}
const aho = (words) => {
  const ns = [{ next: {}, out: [], fail: 0 }];
  for (const w of words) {
    let s = 0;
    for (const c of w) s = ns[s].next[c] ??= ns.push({ next: {}, out: [], fail: 0 }) - 1;
    ns[s].out.push(w);
  }
  const q = Object.values(ns[0].next);
  for (const s of q)
    for (const [c, t] of Object.entries(ns[s].next)) {
      let f = ns[s].fail;
      while (f && !(c in ns[f].next)) f = ns[f].fail;
      ns[t].fail = ns[f].next[c] ?? 0;
      ns[t].out.push(...ns[ns[t].fail].out);
      q.push(t);
    }
  return (text) => {
    let s = 0;
    return [...text].flatMap((c, i) => {
      while (s && !(c in ns[s].next)) s = ns[s].fail;
      s = ns[s].next[c] ?? 0;
      return ns[s].out.map((w) => `${w}@${i - w.length + 1}`);
    });
  };
};
export default () => {
  const t = new Trie();
  for (const w of 'car card care cat dog do dot car'.split(' ')) t.insert(w);
  return {
    words: [...t.words()],
    ca: [...t.words('ca')],
    none: [...t.words('x')],
    has: ['car', 'ca', 'dots'].map((w) => t.has(w)),
    wild: [[...t.match('?o?')], [...t.match('ca??')]],
    removed: [t.remove('card'), t.remove('card'), t.remove('car'), t.has('car'), t.nodes],
    aho: aho(['he', 'she', 'his', 'hers'])('ushers his'),
  };
};
