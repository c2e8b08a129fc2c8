// What stats() says of distributions, against the same computed from all values.
import test from 'ava';
import * as fc from 'fast-check';
import { Histogram } from '../../src/engine/histogram.js';

function exact(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
}

const VALUES = fc.array(fc.oneof(fc.nat(40), fc.nat(100_000), fc.integer({ min: 0, max: 2 ** 35 })), {
  minLength: 1,
  maxLength: 300,
});

test('percentiles are at most a thirty-second off, count, mean, least and most are exact', async (t) => {
  await fc.assert(
    fc.property(VALUES, VALUES, (one, two) => {
      const [histogram, other] = [new Histogram(), new Histogram()];
      for (const value of one) histogram.record(value);
      for (const value of two) other.record(value);
      histogram.add(other);
      const sorted = [...one, ...two].sort((a, b) => a - b);
      t.is(histogram.count, sorted.length);
      t.is(histogram.min, exact(sorted, 0));
      t.is(histogram.max, exact(sorted, 1));
      t.true(Math.abs(histogram.mean - sorted.reduce((a, b) => a + b, 0) / sorted.length) < 1e-3);
      for (const share of [0, 0.01, 0.5, 0.9, 0.99, 1]) {
        const [mine, theirs] = [histogram.percentile(share), exact(sorted, share)];
        t.true(Math.abs(mine - theirs) <= theirs / 32 + 0.5, `${share}: ${mine} for ${theirs}`);
      }
    }),
  );
});

test('none, fractions, negatives and giants are no trouble', (t) => {
  const histogram = new Histogram();
  t.deepEqual(
    [histogram.count, histogram.min, histogram.max, histogram.mean, histogram.percentile(0.5)],
    [0, 0, 0, 0, 0],
  );
  for (const value of [-5, 0.4, 2 ** 50]) histogram.record(value);
  t.deepEqual([histogram.min, histogram.max, histogram.percentile(0.5)], [0, 2 ** 50, 0]);
});
