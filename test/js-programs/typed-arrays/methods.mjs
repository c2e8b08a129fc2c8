// The array methods as typed arrays have them.
export default () => {
  const a = Int16Array.of(5, -3, 9, 0, 7);
  const j = (t) => [...t].map(String).join();
  const f = Float64Array.of(3, -0, NaN, 0, -Infinity, 1);
  return {
    map: j(a.map((x) => x * 10000)),
    filter: [j(a.filter((x) => x > 0)), a.filter(() => true).constructor.name],
    red: [a.reduce((x, y) => x + y), a.reduceRight((x, y) => `${x}${y}`)],
    find: [
      a.find((x) => x < 0),
      a.findIndex((x) => x > 5),
      a.findLast((x) => x > 5),
      a.findLastIndex((x) => x > 5),
    ],
    idx: [a.indexOf(9), a.includes(7), a.lastIndexOf(0), f.indexOf(NaN), f.includes(NaN), f.indexOf(0)],
    sort: [
      j(a.toSorted()),
      j(a.toSorted((x, y) => y - x)),
      [...f.toSorted()].map((x) => (Object.is(x, -0) ? '-0' : String(x))),
      j(Uint8Array.of(10, 9, 1).sort()),
    ],
    copy: [j(a.toReversed()), j(a.with(1, 70000)), j(a)],
    at: [a.at(-1), a.at(9) ?? 'u'],
    join: a.join('|'),
    every: [a.every(Number.isInteger), a.some((x) => x > 8)],
    fill: [j(new Uint8Array(4).fill(7, 1, 3)), j(Uint8Array.of(1, 2, 3, 4).copyWithin(0, 2))],
    set: (() => {
      const t = new Uint8Array(5);
      t.set([1, 2], 1);
      t.set(Uint16Array.of(257), 4);
      t.set(t.subarray(1, 3), 2);
      return j(t);
    })(),
    errs: [
      () => a.set([1], 5),
      () => a.set([1], -1),
      () => a.with(5, 1),
      () => a.map(1),
      () => Uint8Array.from(null),
    ].map((g) => {
      try {
        g();
        return 'ok';
      } catch (e) {
        return e.name;
      }
    }),
    rev: j(Uint8Array.of(1, 2, 3).reverse()),
    entries: [...Uint8Array.of(4, 5).entries()],
    from: [j(Uint8Array.from('123', (c) => c * 2)), j(Uint8Array.from({ length: 3 }, (_, i) => i - 1))],
    missing: ['push', 'concat', 'splice', 'flat', 'toSpliced'].map((m) => m in a),
  };
};
