// Recording the changes of a nested object with proxies, then undoing them.
export default () => {
  const watch = (root) => {
    const log = [];
    const cache = new WeakMap();
    const wrap = (o, path) => {
      if (o === null || typeof o !== 'object') return o;
      if (cache.has(o)) return cache.get(o);
      const p = new Proxy(o, {
        get: (t, k, r) =>
          typeof k === 'symbol' ? Reflect.get(t, k, r) : wrap(Reflect.get(t, k), [...path, k]),
        set(t, k, v) {
          log.push({ path: [...path, k].join('.'), had: Object.hasOwn(t, k), old: t[k] ?? null, t, k });
          return Reflect.set(t, k, v);
        },
        deleteProperty(t, k) {
          log.push({ path: [...path, k].join('.'), had: k in t, old: t[k], t, k, del: true });
          return Reflect.deleteProperty(t, k);
        },
      });
      cache.set(o, p);
      return p;
    };
    return [
      wrap(root, []),
      log,
      () => {
        while (log.length) {
          const { t, k, had, old } = log.pop();
          if (had) t[k] = old;
          else delete t[k];
        }
      },
    ];
  };
  const src = { a: { b: [1, 2] }, c: 'x' };
  const before = JSON.stringify(src);
  const [p, log, undo] = watch(src);
  p.a.b.push(3);
  p.a.n = { deep: 1 };
  p.a.n.deep++;
  delete p.c;
  p.a.b[0] = 'z';
  p.a.b.length = 2;
  const mid = JSON.stringify(src);
  const paths = log.map((l) => (l.del ? '-' : '') + l.path);
  undo();
  return {
    mid,
    paths,
    restored: JSON.stringify(src).length,
    same: JSON.stringify({ ...src, c: src.c }) === before,
    id: p.a === p.a,
  };
};
