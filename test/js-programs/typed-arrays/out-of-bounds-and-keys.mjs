// Integer-indexed objects: keys that look like numbers, writes outside, defineProperty, freezing.
const nameOf = (f) => {
  try {
    return f();
  } catch (e) {
    return e.name;
  }
};
export default () => {
  const t = new Uint8Array([1, 2, 3]);
  t[5] = 9;
  t['-0'] = 8;
  t['1.5'] = 7;
  t[-1] = 6;
  t['01'] = 'prop';
  t.x = 'y';
  const child = Object.create(t);
  child[7] = 1;
  child[0] = 50;
  return {
    len: t.length,
    keys: Object.keys(t),
    vals: [t[5] ?? 'u', t['-0'] ?? 'u', t['1.5'] ?? 'u', t['01']],
    has: [0 in t, 3 in t, '-0' in t, '1.5' in t, '01' in t, 'NaN' in t],
    del: [
      delete t[5],
      nameOf(() => delete t[0]),
      Reflect.deleteProperty(t, 0),
      Reflect.set(t, 9, 1),
      Reflect.has(t, 9),
    ],
    define: [
      Reflect.defineProperty(t, 0, { value: 70 }),
      Reflect.defineProperty(t, 9, { value: 1 }),
      Reflect.defineProperty(t, 1, { value: 1, writable: false }),
      nameOf(() => Object.defineProperty(t, 0, { get() {} })),
      t[0],
    ],
    freeze: [nameOf(() => Object.freeze(t)), Object.isFrozen(Object.freeze(new Uint8Array(0)))],
    desc: Object.getOwnPropertyDescriptor(t, 1),
    child: [nameOf(() => child.length), Object.keys(child), t[0]],
    own: Reflect.ownKeys(new Uint8Array(2)),
    forIn: (() => {
      const k = [];
      for (const i in new Int8Array(2)) k.push(i);
      return k;
    })(),
    json: JSON.stringify(Float32Array.of(0.5, NaN)),
    assign: Object.assign(new Uint8Array(2), [300, 5], { 7: 1 }).join(),
    spread: { ...Uint8Array.of(1, 2) },
  };
};
