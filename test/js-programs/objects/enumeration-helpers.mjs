// Which keys each helper sees: own, inherited, hidden, symbols.
export default () => {
  const o = Object.create(
    { inh: 1, [Symbol('is')]: 1 },
    {
      vis: { value: 1, enumerable: true },
      hid: { value: 2 },
      [Symbol('s')]: { value: 3, enumerable: true },
      [Symbol('hs')]: { value: 4 },
    },
  );
  const f = [];
  for (const k in o) f.push(k);
  const n = (x) => x.map(String);
  return {
    keys: Object.keys(o),
    names: Object.getOwnPropertyNames(o),
    syms: n(Object.getOwnPropertySymbols(o)),
    own: n(Reflect.ownKeys(o)),
    forIn: f,
    spread: n(Reflect.ownKeys({ ...o })),
    assign: n(Reflect.ownKeys(Object.assign({}, o))),
    json: JSON.stringify(o),
    entries: Object.entries(o),
    descs: n(Reflect.ownKeys(Object.getOwnPropertyDescriptors(o))),
    rest: n(Reflect.ownKeys((({ ...r }) => r)(o))),
    clone: n(Reflect.ownKeys(structuredClone(o))),
    pie: ['vis', 'hid', 'inh'].map((k) =>
      [k in o, Object.hasOwn(o, k), o.propertyIsEnumerable(k)].map(Number).join(''),
    ),
  };
};
