// JSON pointers, patches, merge patches and canonical output.
const ptr = (p) =>
  p
    .split('/')
    .slice(1)
    .map((k) => k.replaceAll('~1', '/').replaceAll('~0', '~'));
const get = (o, p) => ptr(p).reduce((v, k) => v?.[k], o);
const patch = (doc, ops) => {
  const d = structuredClone(doc);
  for (const { op, path, value, from } of ops) {
    const ks = ptr(path);
    const last = ks.pop();
    const t = ks.reduce((v, k) => v[k], d);
    const put = (v) => (Array.isArray(t) ? t.splice(last === '-' ? t.length : +last, 0, v) : (t[last] = v));
    const del = (q) => {
      const k2 = ptr(q);
      const l = k2.pop();
      const u = k2.reduce((v, k) => v[k], d);
      const old = u[l];
      Array.isArray(u) ? u.splice(+l, 1) : delete u[l];
      return old;
    };
    if (op === 'add') put(value);
    else if (op === 'remove') del(path);
    else if (op === 'replace') t[last] = value;
    else if (op === 'move') put(del(from));
    else if (op === 'copy') put(structuredClone(get(d, from)));
    else if (op === 'test' && JSON.stringify(t[last]) !== JSON.stringify(value)) throw new RangeError(path);
  }
  return d;
};
const merge = (t, p) => {
  if (p === null || typeof p !== 'object' || Array.isArray(p)) return p;
  const o = t && typeof t === 'object' && !Array.isArray(t) ? { ...t } : {};
  for (const [k, v] of Object.entries(p)) {
    if (v === null) delete o[k];
    else o[k] = merge(o[k], v);
  }
  return o;
};
const canon = (v) =>
  Array.isArray(v)
    ? `[${v.map(canon)}]`
    : v && typeof v === 'object'
      ? `{${Object.keys(v)
          .sort()
          .map((k) => `${JSON.stringify(k)}:${canon(v[k])}`)}}`
      : JSON.stringify(v);
export default () => {
  const doc = { a: { 'b/c': [1, 2, 3], '~d': 4 }, e: 'f' };
  let err;
  try {
    patch(doc, [{ op: 'test', path: '/e', value: 'x' }]);
  } catch (e) {
    err = e.message;
  }
  return {
    get: [get(doc, '/a/b~1c/1'), get(doc, '/a/~0d'), get(doc, '/x/y') ?? 'none', get(doc, '').e],
    patch: patch(doc, [
      { op: 'add', path: '/a/b~1c/1', value: 'new' },
      { op: 'add', path: '/a/b~1c/-', value: 'end' },
      { op: 'move', from: '/e', path: '/g' },
      { op: 'copy', from: '/a/~0d', path: '/h' },
      { op: 'remove', path: '/a/b~1c/0' },
      { op: 'replace', path: '/a/~0d', value: { z: 1 } },
    ]),
    err,
    merge: merge({ a: { b: 1, c: 2 }, d: [1] }, { a: { b: null, x: 'y' }, d: [2], n: { m: null } }),
    canon: canon({ z: [3, { b: 1, a: 2 }], 10: 1, 9: 'é' }),
    doc,
  };
};
