// In-memory relations: index, inner and left join, aggregate, nested grouping, tree from a flat list.
const people = [
  ['1', 'Ann', 'd1', 30],
  ['2', 'Bob', 'd2', 40],
  ['3', 'Cid', 'd1', 50],
  ['4', 'Dee', null, 20],
].map(([id, name, dept, age]) => ({ id, name, dept, age }));
const depts = [
  { id: 'd1', title: 'Dev' },
  { id: 'd2', title: 'Ops' },
  { id: 'd3', title: 'HR' },
];
const indexBy = (xs, k) => Object.fromEntries(xs.map((x) => [x[k], x]));
const group = (xs, f) => {
  const m = new Map();
  for (const x of xs) m.set(f(x), [...(m.get(f(x)) ?? []), x]);
  return m;
};
const join = (l, r, lk, rk, { left = false } = {}) => {
  const ix = group(r, (x) => x[rk]);
  return l.flatMap((x) => (ix.get(x[lk]) ?? (left ? [{}] : [])).map((y) => ({ ...y, ...x })));
};
const agg = (xs, by, spec) =>
  [...group(xs, (x) => x[by])].map(([k, rows]) => ({
    [by]: k,
    ...Object.fromEntries(Object.entries(spec).map(([n, f]) => [n, f(rows)])),
  }));
const tree = (rows, parent = null) =>
  rows
    .filter((r) => r.parent === parent)
    .map(({ id }) => {
      const kids = tree(rows, id);
      return kids.length ? { id, kids } : { id };
    });
const flattenKeys = (o, pre = '') =>
  Object.entries(o).reduce(
    (a, [k, v]) =>
      v && typeof v === 'object' ? { ...a, ...flattenKeys(v, `${pre}${k}.`) } : { ...a, [pre + k]: v },
    {},
  );
export default () => ({
  index: indexBy(depts, 'id').d2.title,
  inner: join(people, depts, 'dept', 'id').map((r) => `${r.name}-${r.title}`),
  left: join(people, depts, 'dept', 'id', { left: true }).map((r) => `${r.name}-${r.title ?? 'none'}`),
  agg: agg(people, 'dept', {
    n: (r) => r.length,
    avg: (r) => r.reduce((s, x) => s + x.age, 0) / r.length,
    names: (r) => r.map((x) => x.name).join(),
  }),
  tree: tree(
    [
      [1, null],
      [2, 1],
      [3, 1],
      [4, 2],
      [5, null],
    ].map(([id, parent]) => ({ id, parent })),
  ),
  flat: flattenKeys({ a: { b: { c: 1 }, d: [5, { e: 6 }] }, f: null }),
  sort: people
    .toSorted((a, b) => (b.dept ?? '').localeCompare(a.dept ?? '') || a.age - b.age)
    .map((p) => p.name),
});
