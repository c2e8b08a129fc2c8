// A token bucket, a sliding window, consistent hashing, weighted round robin, interval scheduling.
export default () => {
  const bucket = (rate, cap) => {
    let n = cap,
      t = 0;
    return (now) => {
      n = Math.min(cap, n + (now - t) * rate);
      t = now;
      if (n < 1) return false;
      n--;
      return true;
    };
  };
  const win = (max, ms) => {
    const h = [];
    return (now) => {
      while (h.length && h[0] <= now - ms) h.shift();
      return h.length < max && h.push(now) > 0;
    };
  };
  const b = bucket(0.5, 2),
    w = win(2, 10);
  const hash = (s) => [...s].reduce((x, c) => Math.imul(x ^ c.charCodeAt(0), 16777619) >>> 0, 2166136261);
  const ring = (ns) => {
    const pts = ns
      .flatMap((n) => Array.from({ length: 20 }, (_, i) => [hash(`${n}#${i}`), n]))
      .sort((x, y) => x[0] - y[0]);
    return (k) => (pts.find(([p]) => p >= hash(k)) ?? pts[0])[1];
  };
  const [r3, r4] = [ring(['a', 'b', 'c']), ring(['a', 'b', 'c', 'd'])];
  const keys = Array.from({ length: 200 }, (_, i) => `key${i}`);
  const wrr = (ws) => {
    const cur = ws.map(() => 0),
      tot = ws.reduce((x, y) => x + y);
    return () => {
      ws.forEach((x, i) => {
        cur[i] += x;
      });
      const i = cur.indexOf(Math.max(...cur));
      cur[i] -= tot;
      return 'ABC'[i];
    };
  };
  const next = wrr([5, 1, 1]);
  const jobs = [
    [1, 4],
    [3, 5],
    [0, 6],
    [5, 7],
    [3, 9],
    [5, 9],
    [6, 10],
    [8, 11],
  ];
  const pick = jobs
    .toSorted((x, y) => x[1] - y[1])
    .reduce((o, j) => (j[0] >= (o.at(-1)?.[1] ?? 0) ? [...o, j] : o), []);
  return [
    [0, 0, 0, 1, 2, 3, 10].map(b),
    [0, 1, 2, 10, 11, 12].map(w),
    keys.filter((k) => r3(k) !== r4(k)).every((k) => r4(k) === 'd'),
    keys.filter((k) => r3(k) !== r4(k)).length < 120,
    Array.from({ length: 7 }, next).join(''),
    pick,
  ];
};
