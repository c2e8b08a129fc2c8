// Eight sorts agree with each other.
const sorts = {
  bubble: (a) => {
    for (let i = a.length; i--; )
      for (let j = 0; j < i; j++) if (a[j] > a[j + 1]) [a[j], a[j + 1]] = [a[j + 1], a[j]];
    return a;
  },
  insertion: (a) => {
    for (let i = 1; i < a.length; i++) {
      const v = a[i];
      let j = i;
      while (j && a[j - 1] > v) a[j] = a[--j];
      a[j] = v;
    }
    return a;
  },
  merge: (a) => {
    if (a.length < 2) return a;
    const m = a.length >> 1;
    const [l, r] = [sorts.merge(a.slice(0, m)), sorts.merge(a.slice(m))];
    const o = [];
    while (l.length && r.length) o.push(l[0] <= r[0] ? l.shift() : r.shift());
    return [...o, ...l, ...r];
  },
  quick: (a) => {
    const go = (lo, hi) => {
      if (lo >= hi) return;
      const p = a[(lo + hi) >> 1];
      let [i, j] = [lo, hi];
      while (i <= j) {
        while (a[i] < p) i++;
        while (a[j] > p) j--;
        if (i <= j) {
          [a[i], a[j]] = [a[j], a[i]];
          i++;
          j--;
        }
      }
      go(lo, j);
      go(i, hi);
    };
    go(0, a.length - 1);
    return a;
  },
  heap: (a) => {
    const down = (i, n) => {
      for (;;) {
        let m = i;
        for (const c of [2 * i + 1, 2 * i + 2]) if (c < n && a[c] > a[m]) m = c;
        if (m === i) return;
        [a[i], a[m]] = [a[m], a[i]];
        i = m;
      }
    };
    for (let i = a.length >> 1; i--; ) down(i, a.length);
    for (let n = a.length - 1; n > 0; n--) {
      [a[0], a[n]] = [a[n], a[0]];
      down(0, n);
    }
    return a;
  },
  shell: (a) => {
    for (let g = a.length >> 1; g; g >>= 1)
      for (let i = g; i < a.length; i++)
        for (let j = i; j >= g && a[j - g] > a[j]; j -= g) [a[j], a[j - g]] = [a[j - g], a[j]];
    return a;
  },
  radix: (a) => {
    for (let s = 0; s < 16; s += 4) {
      const b = Array.from({ length: 16 }, () => []);
      for (const x of a) b[(x >> s) & 15].push(x);
      a = b.flat();
    }
    return a;
  },
  counting: (a) => {
    const c = new Uint32Array(65536);
    for (const x of a) c[x]++;
    const o = [];
    c.forEach((n, v) => {
      while (n--) o.push(v);
    });
    return o;
  },
};
export default () => {
  let s = 7;
  const xs = Array.from({ length: 120 }, () => (s = (s * 25173 + 13849) % 65536));
  const want = xs.toSorted((a, b) => a - b).join();
  return Object.fromEntries(
    Object.entries(sorts).map(([n, f]) => {
      const r = f([...xs]);
      return [
        n,
        [r.join() === want, f([]).length, f([1]).join(), f([2, 2, 1]).join(), r[0], r.at(-1), r[60]],
      ];
    }),
  );
};
