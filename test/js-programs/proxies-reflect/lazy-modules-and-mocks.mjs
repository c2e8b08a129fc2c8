// Mocks that record, stubs that answer, lazy loading on first use, fluent recorders and equality of functions by proxy.
export default () => {
  const mock = (impl = () => undefined) => {
    const calls = [];
    let next = [];
    const p = new Proxy(impl, {
      apply: (t, self, a) => {
        calls.push({ self: self === undefined ? 'none' : typeof self, a });
        return next.length ? next.shift() : Reflect.apply(t, self, a);
      },
      construct: (t, a) => {
        calls.push({ self: 'new', a });
        return { made: a.length };
      },
      get: (t, k) =>
        k === 'calls' ? calls : k === 'once' ? (...v) => ((next = v), p) : k in t ? t[k] : `no ${String(k)}`,
    });
    return p;
  };
  const f = mock(function (x) {
    return x * 2;
  });
  const r = [
    f(4),
    f.call({}, 5),
    f.once('a', 'b')(1),
    f(1),
    f(1),
    new f(1, 2),
    f.calls.length,
    f.calls.map((c) => c.self),
    f.length,
    f.name === 'f' ? 'f' : typeof f.name,
    f.nope,
    typeof f,
  ];
  let loads = 0;
  const lazy = (load) => {
    let t;
    const real = () => (t ??= (loads++, load()));
    return new Proxy(
      {},
      {
        get: (_, k) => Reflect.get(real(), k),
        has: (_, k) => k in real(),
        ownKeys: () => Reflect.ownKeys(real()),
        getOwnPropertyDescriptor: (_, k) => ({
          ...Reflect.getOwnPropertyDescriptor(real(), k),
          configurable: true,
        }),
      },
    );
  };
  const mod = lazy(() => ({ a: 1, b: () => 'bee' }));
  const before = loads;
  return [...r, before, mod.b(), 'a' in mod, Object.keys(mod), { ...mod }.a, loads];
};
