// Fractions on BigInt, continued fractions, Egyptian fractions.
const gcd = (a, b) => (b ? gcd(b, a % b) : a < 0n ? -a : a);
class Q {
  constructor(n, d = 1n) {
    const g = gcd(n, d) * (d < 0n ? -1n : 1n);
    this.n = n / g;
    this.d = d / g;
    Object.freeze(this);
  }
  static of(s) {
    const [a, b = '1'] = String(s).split('/');
    const [i, f = ''] = a.split('.');
    return new Q(BigInt(i + f), BigInt(b) * 10n ** BigInt(f.length));
  }
  add(o) {
    return new Q(this.n * o.d + o.n * this.d, this.d * o.d);
  }
  mul(o) {
    return new Q(this.n * o.n, this.d * o.d);
  }
  inv() {
    return new Q(this.d, this.n);
  }
  neg() {
    return new Q(-this.n, this.d);
  }
  toString() {
    return this.d === 1n ? `${this.n}` : `${this.n}/${this.d}`;
  }
  decimal() {
    let r = this.n % this.d,
      out = `${this.n / this.d}.`;
    const seen = new Map();
    while (r && !seen.has(r)) {
      seen.set(r, out.length);
      out += (r * 10n) / this.d;
      r = (r * 10n) % this.d;
    }
    return r ? `${out.slice(0, seen.get(r))}(${out.slice(seen.get(r))})` : out;
  }
  cf() {
    const a = [];
    let [n, d] = [this.n, this.d];
    while (d) {
      a.push(Number(n / d));
      [n, d] = [d, n % d];
    }
    return a;
  }
}
export default () => {
  const a = Q.of('1/3'),
    b = Q.of('0.25');
  const h = Array.from({ length: 20 }, (_, i) => new Q(1n, BigInt(i + 1))).reduce((x, y) => x.add(y));
  return {
    ops: [a.add(b), a.mul(b), a.add(b.neg()), b.inv(), Q.of('6/-4')].map(String),
    dec: ['1/7', '1/6', '5/8', '22/7'].map((s) => Q.of(s).decimal()),
    h: `${h}`,
    cf: [Q.of('415/93').cf(), Q.of('3.245').cf()],
  };
};
