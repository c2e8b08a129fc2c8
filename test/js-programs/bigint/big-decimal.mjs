// Decimal arithmetic of any precision on BigInt: add, multiply, divide, square root, rounding.
class D {
  constructor(n, s) {
    this.n = n;
    this.s = s;
  }
  static of(t) {
    const [i, f = ''] = t.split('.');
    return new D(BigInt(i + f), f.length);
  }
  #to(s) {
    return this.n * 10n ** BigInt(s - this.s);
  }
  add(o) {
    const s = Math.max(this.s, o.s);
    return new D(this.#to(s) + o.#to(s), s);
  }
  mul(o) {
    return new D(this.n * o.n, this.s + o.s);
  }
  div(o, p) {
    return new D((this.n * 10n ** BigInt(p + o.s + 1)) / o.n / 10n ** BigInt(this.s), p + 1).round(p);
  }
  round(p) {
    if (p >= this.s) return new D(this.#to(p), p);
    const k = 10n ** BigInt(this.s - p);
    const h = this.n < 0n ? -k / 2n : k / 2n;
    return new D((this.n + h) / k, p);
  }
  sqrt(p) {
    let n = this.n * 10n ** BigInt(2 * p - this.s);
    if (this.s % 2 && 2 * p < this.s) n = 0n;
    let x = n;
    let y = (x + 1n) / 2n;
    while (y < x) {
      x = y;
      y = (x + n / x) / 2n;
    }
    return new D(x, p);
  }
  cmp(o) {
    const s = Math.max(this.s, o.s);
    return this.#to(s) < o.#to(s) ? -1 : +(this.#to(s) > o.#to(s));
  }
  toString() {
    const neg = this.n < 0n;
    const t = String(neg ? -this.n : this.n).padStart(this.s + 1, '0');
    return (neg ? '-' : '') + (this.s ? `${t.slice(0, -this.s)}.${t.slice(-this.s)}` : t);
  }
}
export default () => {
  const d = D.of;
  return [
    d('0.1').add(d('0.2')),
    d('-1.05').mul(d('3.5')),
    d('1').div(d('3'), 20),
    d('2').sqrt(40),
    d('1.005').round(2),
    d('-2.5').round(0),
    d('10').div(d('4'), 2),
    d('123456789.123456789').mul(d('987654321.987654321')),
    d('5').round(3),
    d('0.000').add(d('1')),
  ]
    .map(String)
    .concat([d('1.0').cmp(d('1')), d('0.3').cmp(d('0.1').add(d('0.2'))), d('-1').cmp(d('1'))]);
};
