// Rounding to places, bankers' rounding, splitting bills, exact decimals with integers.
const cents = (s) => {
  const [, sign, a, b = ''] = /^(-?)(\d+)(?:\.(\d{0,2}))?$/.exec(s);
  return (sign ? -1 : 1) * (Number(a) * 100 + Number(b.padEnd(2, '0')));
};
const fmt = (c) =>
  `${c < 0 ? '-' : ''}${String(Math.trunc(Math.abs(c) / 100)).replace(/\B(?=(\d{3})+$)/g, ',')}.${String(Math.abs(c) % 100).padStart(2, '0')}`;
const bankers = (x) => {
  const f = Math.floor(x);
  const d = x - f;
  return d < 0.5 ? f : d > 0.5 ? f + 1 : f % 2 === 0 ? f : f + 1;
};
const split = (c, n) => Array.from({ length: n }, (_, i) => Math.floor(c / n) + (i < c % n ? 1 : 0));
export default () => ({
  sum: fmt(['0.10', '0.20', '1234567.89', '-3'].map(cents).reduce((a, b) => a + b)),
  split: split(cents('100'), 3).map(fmt),
  bankers: [0.5, 1.5, 2.5, 3.5, -0.5, -1.5, 2.51].map((x) => bankers(x) + 0),
  loan: (() => {
    let bal = cents('1000');
    const out = [];
    for (let i = 0; i < 4; i++) {
      const int = Math.round(bal * 0.01);
      const pay = Math.min(bal + int, cents('300'));
      bal += int - pay;
      out.push([fmt(int), fmt(pay), fmt(bal)]);
    }
    return out;
  })(),
  tax: [19.99, 5.45, 100].map((p) => Math.round(p * 100 * 1.19) / 100),
  round: [1.005, 2.345, -1.5, 1234.5678].map((x) => Math.round((x + Number.EPSILON) * 100) / 100),
});
