// What many functions on one parent take: each its own pages, and equal ones nothing.
import test from 'ava';
import { density } from '../../src/cli/density.js';
import { startEngine } from '../support/engine.js';
import { guestPath } from '../support/sandbox.js';

test('tenants are counted by their own pages, the first also by what all share', async (t) => {
  const engine = await startEngine(t, { workers: 1 });
  const seen: number[] = [];
  const measured = await density(engine, {
    tenants: 5,
    define: (on, tenant) =>
      on.define(`tenant-${tenant}`, {
        elf: guestPath('examples/counter'),
        initData: Buffer.from(`${tenant}`),
      }),
    progress: (done) => seen.push(done),
  });
  const { tenants, first, further, total, rss, defineMs } = measured;
  t.is(tenants, 5);
  t.deepEqual(seen, [1, 2, 3, 4, 5]);
  t.true(first.own > 0 && first.own % 4096 === 0);
  t.true(first.shared > first.own);
  t.deepEqual(further, { min: first.own, median: first.own, mean: first.own, max: first.own });
  t.is(total, first.shared + 5 * first.own);
  t.true(rss.before > 0 && rss.first > 0 && rss.last > 0);
  t.true(defineMs.first > 0 && defineMs.further.min > 0 && defineMs.further.max >= defineMs.further.median);
});

test('a single tenant has no further ones', async (t) => {
  const engine = await startEngine(t, { workers: 1 });
  const { further, defineMs, first, total } = await density(engine, {
    tenants: 1,
    define: (on) => on.define('one', { elf: guestPath('examples/echo') }),
    progress: () => {},
  });
  t.deepEqual(further, { min: 0, median: 0, mean: 0, max: 0 });
  t.deepEqual(defineMs.further, further);
  t.is(total, first.own + first.shared);
});
