// Complex numbers and vectors, with roots of unity and rotation.
const r = (x) => Math.round(x * 1e9) / 1e9 + 0;
class C {
  constructor(re, im = 0) {
    this.re = re;
    this.im = im;
  }
  add(o) {
    return new C(this.re + o.re, this.im + o.im);
  }
  mul(o) {
    return new C(this.re * o.re - this.im * o.im, this.re * o.im + this.im * o.re);
  }
  div(o) {
    const d = o.re ** 2 + o.im ** 2;
    return new C((this.re * o.re + this.im * o.im) / d, (this.im * o.re - this.re * o.im) / d);
  }
  get abs() {
    return Math.hypot(this.re, this.im);
  }
  get arg() {
    return Math.atan2(this.im, this.re);
  }
  pow(n) {
    return C.polar(this.abs ** n, this.arg * n);
  }
  static polar(m, a) {
    return new C(m * Math.cos(a), m * Math.sin(a));
  }
  toString() {
    return `${r(this.re)}${r(this.im) < 0 ? '-' : '+'}${Math.abs(r(this.im))}i`;
  }
}
export default () => {
  const a = new C(3, 4),
    b = new C(1, -2);
  const dot = (x, y) => x.reduce((s, v, i) => s + v * y[i], 0),
    crs = ([a1, a2, a3], [b1, b2, b3]) => [a2 * b3 - a3 * b2, a3 * b1 - a1 * b3, a1 * b2 - a2 * b1];
  return [
    a.add(b),
    a.mul(b),
    a.div(b),
    a.pow(2),
    new C(-1).pow(0.5),
    ...Array.from({ length: 4 }, (_, k) => C.polar(1, (2 * Math.PI * k) / 4)),
  ]
    .map(String)
    .concat([
      a.abs,
      r(b.arg),
      dot([1, 2, 3], [4, 5, 6]),
      ...crs([1, 0, 0], [0, 1, 0]),
      `${new C(0).div(new C(1))}`,
    ]);
};
