// The reviver: order of visits, deletion, replacement, rebuilding types.
export default () => {
  const order = [];
  JSON.parse('{"a":[1,{"b":2}],"c":3}', (k, v) => {
    order.push(k);
    return v;
  });
  const dates = JSON.parse('{"at":"1970-01-01T00:00:00.005Z","n":1}', (k, v) =>
    /^\d{4}-.*Z$/.test(v) ? new Date(v).getTime() : v,
  );
  const types = { Set: (v) => new Set(v), Map: (v) => new Map(v), BigInt };
  const tagged = (x) =>
    JSON.stringify(x, function (k) {
      const v = this[k];
      return v instanceof Set
        ? { $: 'Set', v: [...v] }
        : v instanceof Map
          ? { $: 'Map', v: [...v] }
          : typeof v === 'bigint'
            ? { $: 'BigInt', v: String(v) }
            : v;
    });
  const back = JSON.parse(tagged({ s: new Set([1, new Set([2])]), m: new Map([['k', 5n]]) }), (k, v) =>
    v?.$ ? types[v.$](v.v) : v,
  );
  return {
    order,
    dates,
    back: [back.s instanceof Set, [...[...back.s][1]], String(back.m.get('k'))],
    del: JSON.parse('{"a":1,"b":2,"c":[1,2,3]}', (k, v) => (k === 'a' || v === 2 ? undefined : v)).c.length,
    holes: 1 in JSON.parse('[1,2,3]', (k, v) => (v === 2 ? undefined : v)),
    all: JSON.parse('[1,2]', (k, v) => (typeof v === 'number' ? v + 1 : v)),
    root: JSON.parse('1', () => 'replaced'),
    holder: (() => {
      let h;
      JSON.parse('7', function (k, v) {
        h = { k, v, own: this[''] };
        return v;
      });
      return h;
    })(),
    change: JSON.parse('{"a":1,"b":2}', function (k, v) {
      if (k === 'a') this.b = 99;
      return v;
    }),
    proto: Object.keys(JSON.parse('{"__proto__":1,"x":2}')),
  };
};
