// What callbacks see when the array changes under them.
export default () => {
  const out = {};
  const a = [1, 2, 3];
  out.push = [];
  a.forEach((v) => {
    out.push.push(v);
    if (a.length < 6) a.push(v * 10);
  });
  const b = [1, 2, 3, 4];
  out.pop = [];
  b.forEach((v) => {
    out.pop.push(v);
    b.pop();
  });
  const c = [1, 2, 3];
  out.del = c.map((v, i) => {
    delete c[i + 1];
    return v;
  }).length;
  const d = [1, 2, 3, 4, 5];
  out.filter = d.filter((v, i) => {
    d[i + 1] = -d[i + 1];
    return v > 0;
  });
  const e = ['a', 'b', 'c'];
  out.shift = [];
  for (const v of e) {
    out.shift.push(v);
    if (v === 'a') e.shift();
  }
  const f = [1, 2, 3];
  out.entries = [];
  for (const [i, v] of f.entries()) {
    out.entries.push(i + v);
    if (i === 0) f.unshift(0);
    if (f.length > 5) break;
  }
  const g = [3, 1, 2];
  out.reduce = g.reduce((acc, v) => {
    g.length = 2;
    return acc + v;
  }, 0);
  const it = g[Symbol.iterator]();
  it.next();
  it.next();
  out.done = [it.next().done, g.push(9), it.next().done];
  const every = [2, 4, 6];
  out.every = every.every((v, i) => {
    every[2] = 5;
    return v % 2 === 0;
  });
  const h = [1, 2, 3];
  out.length = [];
  for (let i = 0; i < h.length; i++) {
    out.length.push(h[i]);
    if (h[i] === 2) h.splice(i--, 1);
  }
  return out;
};
