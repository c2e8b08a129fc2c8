// structuredClone of graphs with cycles, sharing and depth.
export default () => {
  const ring = Array.from({ length: 5 }, (_, i) => ({ i }));
  ring.forEach((n, i) => {
    n.next = ring[(i + 1) % 5];
    n.prev = ring[(i + 4) % 5];
  });
  const c = structuredClone(ring);
  const m = new Map();
  m.set('self', m).set(m, 'as key');
  const cm = structuredClone(m);
  const s = new Set();
  s.add(s);
  let deep = null;
  for (let i = 0; i < 300; i++) deep = { deep };
  let d = 0;
  for (let x = structuredClone(deep); x; x = x.deep) d++;
  const shared = { v: 1 };
  const sh = structuredClone({ a: shared, b: [shared], c: new Map([[1, shared]]) });
  const e = new TypeError('m', { cause: shared });
  const ce = structuredClone(e);
  return [
    c.every((n, i) => n.next === c[(i + 1) % 5] && n.prev.next === n),
    c[0] !== ring[0],
    cm.get('self') === cm,
    cm.get(cm),
    structuredClone(s).has(s),
    d,
    sh.a === sh.b[0] && sh.a === sh.c.get(1),
    ce instanceof TypeError,
    ce.message,
    structuredClone([, 1]).length,
    0 in structuredClone([, 1]),
    Object.keys(structuredClone(Object.assign([1], { x: 2 }))),
    structuredClone(new Date(NaN)).getTime() > 0,
    Object.getPrototypeOf(structuredClone(Object.create(null))) === Object.prototype,
    structuredClone(Object(5n)) + 1n === 6n,
    [...structuredClone(new Uint16Array([1, 2]).subarray(1))],
  ];
};
