// Bases beyond 36, negative bases, Zeckendorf, factorial base, Gray codes, Luhn and ISBN checks.
const toBase = (n, digits) => {
  let s = '';
  do {
    s = digits[n % digits.length] + s;
    n = Math.floor(n / digits.length);
  } while (n);
  return s;
};
const B62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const neg = (n, b) => {
  let s = '';
  while (n) {
    let r = n % b;
    n = Math.trunc(n / b);
    if (r < 0) {
      r -= b;
      n++;
    }
    s = r + s;
  }
  return s || '0';
};
const zeck = (n) => {
  const f = [1, 2];
  while (f.at(-1) <= n) f.push(f.at(-1) + f.at(-2));
  return f.toReversed().reduce((s, x) => (x <= n ? ((n -= x), `${s}1`) : s && `${s}0`), '');
};
const fact = (n) => {
  let s = '',
    b = 1;
  do {
    s = (n % b) + s;
    n = Math.floor(n / b++);
  } while (n);
  return s;
};
const luhn = (s) =>
  [...s.replace(/\D/g, '')].reverse().reduce((t, c, i) => t + (i % 2 ? ((c * 2) % 10) + (c > 4) : +c), 0) %
    10 ===
  0;
const isbn = (s) => [...s.replaceAll('-', '')].reduce((t, c, i) => t + c * (i % 2 ? 3 : 1), 0) % 10 === 0;
const excel = (n) => {
  let s = '';
  while (n) {
    n--;
    s = String.fromCharCode(65 + (n % 26)) + s;
    n = Math.floor(n / 26);
  }
  return s;
};
export default () => ({
  b62: [0, 61, 62, 1e12].map((n) => toBase(n, B62)),
  emoji: toBase(6, ['🙂', '🙁']),
  neg: [2, 6, -3, 15].map((n) => neg(n, -2)),
  zeck: [1, 4, 11, 100].map(zeck),
  fact: [5, 463].map(fact),
  luhn: ['4539 1488 0343 6467', '8273 1232 7352 0569'].map(luhn),
  isbn: ['978-3-16-148410-0', '978-0-306-40615-8'].map(isbn),
  excel: [1, 26, 27, 703, 16384].map(excel),
  gray: [0, 1, 2, 3, 7, 8].map((n) => (n ^ (n >> 1)).toString(2)),
});
