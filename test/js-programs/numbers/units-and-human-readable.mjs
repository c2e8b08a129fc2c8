// Sizes, SI prefixes, percentages, temperatures, dimension checks.
export default () => {
  const size = (n) => {
    let i = 0;
    while (n >= 1024 && i < 4) {
      n /= 1024;
      i++;
    }
    return `${+n.toFixed(n < 10 && i ? 1 : 0)} ${['B', 'KiB', 'MiB', 'GiB', 'TiB'][i]}`;
  };
  const si = (x) => {
    if (x === 0) return '0';
    const e = Math.floor(Math.log10(Math.abs(x)) / 3 + 1e-12);
    return `${Number((x / 10 ** (3 * e)).toPrecision(3))}${{ '-3': 'n', '-2': 'u', '-1': 'm', 0: '', 1: 'k', 2: 'M', 3: 'G' }[e] ?? `e${3 * e}`}`;
  };
  const pct = (a, b) => (b ? `${((100 * a) / b).toFixed(1)}%` : 'n/a');
  class Q {
    constructor(v, d) {
      this.v = v;
      this.d = d;
    }
    static u = (d) => (v) => new Q(v, d);
    mul(o) {
      const d = { ...this.d };
      for (const [k, n] of Object.entries(o.d)) {
        d[k] = (d[k] ?? 0) + n;
        if (!d[k]) delete d[k];
      }
      return new Q(this.v * o.v, d);
    }
    add(o) {
      if (JSON.stringify(this.d) !== JSON.stringify(o.d)) throw new TypeError('units');
      return new Q(this.v + o.v, this.d);
    }
    toString() {
      return `${this.v} ${Object.entries(this.d)
        .sort()
        .map(([k, n]) => (n === 1 ? k : `${k}^${n}`))
        .join('.')}`.trim();
    }
  }
  const m = Q.u({ m: 1 }),
    s = Q.u({ s: 1 }),
    perS = Q.u({ s: -1 });
  let e;
  try {
    m(1).add(s(1));
  } catch (x) {
    e = x.name;
  }
  return [
    [0, 1023, 1024, 1536, 10 * 1024, 1048576 * 5.25, 2 ** 41].map(size),
    [0, 1, 999, 1000, 1234567, 0.00123, 4.7e-8, -52000].map(si),
    [pct(1, 3), pct(0, 5), pct(1, 0)],
    [m(3).mul(m(2)), m(10).mul(perS(0.5)), s(4).mul(perS(2)), m(1).add(m(2))].map(String),
    e,
    [-40, 0, 100].map((c) => (c * 9) / 5 + 32),
  ];
};
