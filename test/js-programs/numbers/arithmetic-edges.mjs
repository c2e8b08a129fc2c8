// Zero, infinity, NaN, remainders and rounding.
const show = (x) => (Object.is(x, -0) ? '-0' : Number.isFinite(x) ? x : String(x));
export default () => [0 / 0, 1 / 0, -1 / 0, 1 / -0, 0 * -1, -0 + 0, -0 + -0, 0 - 0, -0 - 0, Infinity - Infinity, Infinity * 0, 5 % 3, -5 % 3, 5 % -3, -5 % -3, 5.5 % 2, -0 % 5, 5 % Infinity, Infinity % 5, 5 % 0, 0.1 * 3, 0.7 + 0.1, 0.1 + 0.7, 9.95 * 100, 1.1 + 2.2, 2 ** 53 + 1, 1e308 * 10, 1e-308 / 1e10, 5e-324 / 2, 3 * 1.1, 0.3 - 0.1, 1 - 0.9, 4.35 * 100, 1.005 * 1000, -1 % 1, 2 ** 32 % 7, -(0), +'-0', 1e16 + 1, 0.1 + 0.2 + 0.3, 0.3 + 0.2 + 0.1].map(show);
