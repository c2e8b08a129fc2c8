import equal from 'fast-deep-equal';
import equal6 from 'fast-deep-equal/es6/index.js';

export default () => [
  equal({ a: [1, { b: NaN }] }, { a: [1, { b: NaN }] }),
  equal([1, 2], [2, 1]),
  equal(new Date(1), new Date(1)),
  equal(/a/g, /a/i),
  equal6(new Map([[1, { a: 1 }]]), new Map([[1, { a: 1 }]])),
  equal6(new Set([1, 2]), new Set([1, 3])),
  equal6(Uint8Array.of(1), Uint8Array.of(1)),
  equal({ a: undefined }, {}),
];
