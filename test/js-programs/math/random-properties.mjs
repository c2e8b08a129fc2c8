// Properties that must hold for many generated inputs.
export default () => {
  let s = 1;
  const rnd = (n) => (s = (Math.imul(s, 1664525) + 1013904223) >>> 0) % n;
  const ints = () => Array.from({ length: rnd(20) }, () => rnd(1000) - 500);
  const props = {
    'reverse twice': (a) => `${a.toReversed().toReversed()}` === `${a}`,
    'sort is idempotent': (a) => {
      const f = (x, y) => x - y;
      return `${a.toSorted(f).toSorted(f)}` === `${a.toSorted(f)}`;
    },
    'json round trip': (a) => `${JSON.parse(JSON.stringify(a))}` === `${a}`,
    'concat length': (a) => a.concat(a).length === 2 * a.length,
    'split join': (a) => (a.length ? `${a.join('|').split('|').map(Number)}` === `${a}` : true),
    'base 36': (a) => a.every((x) => Number.parseInt(x.toString(36), 36) === x),
    int32: (a) => a.every((x) => new Int16Array([x])[0] === x),
    'map fusion': (a) => `${a.map((x) => x + 1).map((x) => x * 2)}` === `${a.map((x) => (x + 1) * 2)}`,
    partition: (a) => a.filter((x) => x > 0).length + a.filter((x) => !(x > 0)).length === a.length,
    'set size': (a) => new Set(a).size === Object.keys(Object.fromEntries(a.map((x) => [x, 1]))).length,
    'bigint sum': (a) => Number(a.reduce((t, x) => t + BigInt(x), 0n)) === a.reduce((t, x) => t + x, 0),
    divmod: (a) => a.every((x) => Math.trunc(x / 7) * 7 + (x % 7) === x),
    'date round trip': (a) => a.every((x) => +new Date(new Date(x * 1e8).toISOString()) === x * 1e8),
    utf8: (a) => {
      const t = String.fromCodePoint(...a.map((x) => x + 600));
      return new TextDecoder().decode(new TextEncoder().encode(t)) === t;
    },
  };
  return [
    Object.fromEntries(
      Object.entries(props).map(([k, f]) => [
        k,
        Array.from({ length: 60 }, () => f(ints())).filter(Boolean).length,
      ]),
    ),
    s,
  ];
};
