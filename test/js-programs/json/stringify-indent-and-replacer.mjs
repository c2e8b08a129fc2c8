// Indentation, replacer functions and lists, toJSON with keys.
export default () => {
  const o = { b: [1, { c: 2 }], a: {}, e: [], d: 'x' };
  const calls = [];
  const viaFn = JSON.stringify({ a: 1, l: [2] }, function (k, v) {
    calls.push([k, Array.isArray(this)]);
    return typeof v === 'number' ? v * 2 : v;
  });
  const keyed = {
    toJSON(k) {
      return `key=${k}`;
    },
  };
  return {
    indent: [
      JSON.stringify(o, null, 2),
      JSON.stringify(o, null, '--'),
      JSON.stringify(o, null, 20) === JSON.stringify(o, null, 10),
      JSON.stringify([1], null, 'abcdefghijklmnop'),
      JSON.stringify([1], null, 0.9),
      JSON.stringify([1], null, -1),
      JSON.stringify([1], null, true),
      JSON.stringify([1], null, Object(1)),
      JSON.stringify({ a: 1 }, null, ''),
    ],
    list: [
      JSON.stringify(o, ['a', 'c', 'b']),
      JSON.stringify({ 1: 'x', a: 'y', b: { a: 1 } }, [1, 'b', Object('a'), null, 'b']),
      JSON.stringify([{ a: 1, b: 2 }], ['b']),
    ],
    viaFn,
    calls,
    drop: JSON.stringify({ a: 1, b: 2 }, (k, v) => (k === 'a' ? undefined : v)),
    root: JSON.stringify({ a: 1 }, () => 5),
    keyed: JSON.stringify({ k: keyed, l: [keyed] }),
    top: JSON.stringify(keyed),
    swap: JSON.stringify({ d: new Date(0) }, function (k, v) {
      return this[k] instanceof Date ? typeof v : v;
    }),
    expand: JSON.stringify(1, (k, v) => (v === 1 ? { x: 2 } : v)),
  };
};
