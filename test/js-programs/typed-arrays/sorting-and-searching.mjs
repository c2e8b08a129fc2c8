// Sorting floats with NaN and zeros, binary search, histogram equalisation, prefix sums.
export default () => {
  const f = Float64Array.of(3, NaN, -0, 0, -Infinity, 1e-300, Infinity, -1);
  const show = (x) => (Object.is(x, -0) ? '-0' : Number.isFinite(x) ? x : String(x));
  const s = Uint16Array.from({ length: 100 }, (_, i) => (i * 37) % 101).sort();
  const bs = (a, x) => {
    let [l, h] = [0, a.length - 1];
    while (l <= h) {
      const m = (l + h) >> 1;
      if (a[m] === x) return m;
      if (a[m] < x) l = m + 1;
      else h = m - 1;
    }
    return ~l;
  };
  const pre = Uint32Array.from(s);
  for (let i = 1; i < pre.length; i++) pre[i] += pre[i - 1];
  return [
    Array.from(f.sort(), show),
    Array.from(f.toSorted((a, b) => b - a)).length,
    [0, 50, 100, 500].map((x) => bs(s, x)),
    pre.at(-1),
    pre.subarray(10, 13).join(),
    Array.from(Int8Array.of(5, -5, 127, -128).sort()),
    Array.from(Uint32Array.of(4294967295, 0, 2147483648).sort()),
    [...BigInt64Array.of(1n, -1n, 0n).sort()].map(String),
    s.findLastIndex((x) => x < 50),
    s.lastIndexOf(7),
    s.subarray(5).indexOf(s[7]),
  ];
};
