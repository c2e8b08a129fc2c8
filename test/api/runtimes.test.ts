// The runtimes of JavaScript functions: shared, and released when nobody has use for them.
import { readdirSync } from 'node:fs';
import test from 'ava';
import { startEngine } from '../support/engine.js';

const SOURCE = { js: 'export default (x) => x;' };

function policy(n: number): { heapBytes: number; timeoutMs: number } {
  return { heapBytes: 0x100_0000 + 4096 * n, timeoutMs: 60_000 };
}

function descriptors(): number {
  return readdirSync('/proc/self/fd').length;
}

test.serial('functions with memory sizes of their own leave no runtimes behind', async (t) => {
  const engine = await startEngine(t, { workers: 1 });
  let before = 0;
  for (let n = 0; n < 16; n++) {
    const f = await engine.define('f', SOURCE, policy(n));
    t.is(await f.call(n), n);
    await f.undefine();
    const failing = { js: 'throw new Error("no"); export default () => 1;' };
    await t.throwsAsync(engine.define('g', failing, policy(n)), { code: 'SNAPVM_JS_ERROR' });
    if (n === 7) before = descriptors();
  }
  t.true(descriptors() <= before, `${before} descriptors became ${descriptors()}`);
});

test.serial('a runtime stays while a function of it does', async (t) => {
  const engine = await startEngine(t, { workers: 1 });
  const first = await engine.define('first', SOURCE, policy(100));
  const again = await engine.define('again', SOURCE, policy(100));
  await again.undefine();
  for (let n = 0; n < 8; n++) await (await engine.define('other', SOURCE, policy(101 + n))).undefine();
  t.is(await first.call(1), 1);
  const late = await engine.define('late', { js: 'export default (x) => x + 1;' }, policy(100));
  t.is(await late.call(1), 2);
});
