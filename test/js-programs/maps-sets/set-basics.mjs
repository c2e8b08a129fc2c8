// Set: uniqueness, order, set algebra written by hand, iteration protocols.
export default () => {
  const s = new Set([3, 1, 3, '3', NaN, NaN, 0, -0, undefined, null, undefined]);
  const U = (a, b) => new Set([...a, ...b]),
    I = (a, b) => new Set([...a].filter((x) => b.has(x))),
    D = (a, b) => new Set([...a].filter((x) => !b.has(x)));
  const a = new Set([1, 2, 3, 4]),
    b = new Set([3, 4, 5]);
  const j = (x) => [...x].join();
  return {
    size: s.size,
    vals: [...s].map(String),
    add: s.add(9) === s,
    del: [s.delete(NaN), s.delete('x')],
    algebra: [j(U(a, b)), j(I(a, b)), j(D(a, b)), j(U(D(a, b), D(b, a)))],
    subset: [[...I(a, b)].every((x) => a.has(x)), a.size > b.size],
    entries: [...b.entries()],
    keys:
      Set.prototype.keys === Set.prototype.values && Set.prototype.values === Set.prototype[Symbol.iterator],
    str: [...new Set('mississippi')].join(''),
    objs: new Set([{}, {}, []]).size,
    each: (() => {
      const o = [];
      new Set(['v']).forEach((v, k, set) => o.push(v, k, set.size));
      return o;
    })(),
    fromMap: [...new Set(new Map([['k', 'v']]))],
    cleared: (() => {
      const c = new Set([1]);
      const r = c.clear();
      return [c.size, r === undefined];
    })(),
    sorted: [...new Set([3, 1, 2])].sort(),
    powerset: (() => {
      let p = [new Set()];
      for (const x of 'abc') p = p.concat(p.map((q) => new Set([...q, x])));
      return p.map((q) => [...q].join(''));
    })(),
    frozen: Object.freeze(new Set()).add(1).size,
    json: JSON.stringify(new Set([1])),
  };
};
