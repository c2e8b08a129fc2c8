import deepmerge from 'deepmerge';

export default () => {
  const a = { list: [1, { x: 1 }], deep: { a: 1, b: { c: 2 } }, on: new Date(0) };
  const b = { list: [2], deep: { b: { d: 3 }, e: null }, f: undefined };
  return [
    deepmerge(a, b),
    deepmerge(a, b, { arrayMerge: (_, source) => source }),
    deepmerge.all([{ a: 1 }, { b: { c: 1 } }, { b: { d: 2 } }]),
    deepmerge(a, b, { customMerge: (key) => (key === 'list' ? (x, y) => [...y, ...x] : undefined) }),
    a,
  ];
};
