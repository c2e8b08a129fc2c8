// Adding, deleting and clearing while iterating; iterators stay live until done.
export default () => {
  const out = {};
  const m = new Map([
    ['a', 1],
    ['b', 2],
    ['c', 3],
  ]);
  out.del = [];
  for (const [k] of m) {
    out.del.push(k);
    m.delete('b');
    if (k === 'a') m.set('d', 4);
    if (k === 'd') m.set('e', 5);
  }
  const s = new Set([1]);
  out.add = [];
  for (const x of s) {
    out.add.push(x);
    if (x < 5) s.add(x + 1);
  }
  out.readd = [];
  const r = new Set(['x', 'y']);
  let n = 0;
  for (const x of r) {
    out.readd.push(x);
    if (n++ < 3) {
      r.delete(x);
      r.add(x);
    }
  }
  out.clear = [];
  const c = new Map([
    [1, 1],
    [2, 2],
  ]);
  for (const [k] of c) {
    out.clear.push(k);
    if (k === 1) {
      c.clear();
      c.set(7, 7);
    }
  }
  const it = new Set(['p']).values();
  out.done = [it.next().value, it.next().done, it.next().done];
  const live = new Set();
  const li = live.values();
  live.add('late');
  out.live = [li.next().value, li.next().done, live.add('later').size, li.next().done];
  out.each = [];
  const e = new Map([
    ['k1', 1],
    ['k2', 2],
  ]);
  e.forEach((v, k) => {
    out.each.push(k);
    if (v === 1) {
      e.delete('k1');
      e.set('k3', 3);
      e.set('k1', 9);
    }
  });
  const two = new Map([
    [1, 'a'],
    [2, 'b'],
    [3, 'c'],
  ]);
  out.nested = [];
  for (const [x] of two)
    for (const [y] of two) {
      out.nested.push(`${x}${y}`);
      if (x === 1 && y === 2) two.delete(3);
    }
  return out;
};
