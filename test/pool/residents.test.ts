// Sandboxes that workers keep: within their memory, the ones used last, and at least one each.
import test from 'ava';
import type { FunctionHandle } from '../../src/index.js';
import { eventually, settle, startEngine } from '../support/engine.js';
import { guestPath, scaled, seeded } from '../support/sandbox.js';

const ECHO = { elf: guestPath('examples/echo') };
const LONG = { timeoutMs: 60_000 };

type Defines = { define(name: string, source: object, policy: object): Promise<FunctionHandle> };

function defineMany(engine: Defines, count: number): Promise<FunctionHandle[]> {
  return Promise.all(Array.from({ length: count }, (_, i) => engine.define(`echo ${i}`, ECHO, LONG)));
}

/** Private memory of one sandbox that echoes. */
async function sandboxBytes(t: Parameters<typeof startEngine>[0]): Promise<number> {
  const engine = await startEngine(t, { workers: 1 });
  const [echo] = await defineMany(engine, 1);
  for (let i = 0; i < 3; i++) await echo?.call('x');
  const { sandboxes, bytes } = engine.stats().residents;
  t.is(sandboxes, 1);
  await engine.close();
  return bytes;
}

for (const residentBytes of [4 << 20, 0]) {
  test.serial(
    `many functions share little memory, with right answers (${residentBytes} bytes)`,
    async (t) => {
      const one = await sandboxBytes(t);
      const [workers, functions] = [2, scaled(40, 10)];
      const engine = await startEngine(t, { workers, residentBytes });
      const handles = await defineMany(engine, functions);
      // Each worker keeps its part of the memory, and one sandbox more that a call may need just then.
      const bound = Math.max(residentBytes, workers * one) + workers * one;
      t.true(functions * one > bound, `${one} bytes a sandbox`);
      const random = seeded(11);
      let most = 0;
      for (let round = 0; round < scaled(20); round++) {
        const calls = handles.map(async (handle, i) => {
          const text = `${round} ${i} `.repeat(1 + Math.floor(random() * 100));
          const answer = await settle(handle.call(text));
          most = Math.max(most, engine.stats().residents.bytes);
          return answer === text;
        });
        t.false((await Promise.all(calls)).includes(false));
      }
      t.log(`${one} bytes a sandbox, ${most} at most`, JSON.stringify(engine.stats().residents));
      t.true(most <= bound, `${most} bytes`);
      const within = (): boolean => engine.stats().residents.bytes <= Math.max(residentBytes, workers * one);
      t.true(await eventually(within, 20), JSON.stringify(engine.stats().residents));
      t.true(engine.stats().residents.sandboxes >= workers);
    },
  );
}

test.serial('sandboxes used longest ago are closed first', async (t) => {
  const one = await sandboxBytes(t);
  const engine = await startEngine(t, { workers: 1, residentBytes: Math.round(4.5 * one) });
  const handles = await defineMany(engine, 8);
  const call = async (i: number): Promise<boolean> => {
    const handle = handles[i] as FunctionHandle;
    t.is(await settle(handle.call(`${i}`)), `${i}`);
    return handle.lastCost.restores > 0;
  };
  for (const i of [0, 1, 2, 3]) t.false(await call(i), 'a new sandbox');
  for (const i of [3, 2, 1, 0]) t.true(await call(i), 'four of them fit');
  t.is(engine.stats().residents.sandboxes, 4);
  for (const i of [4, 5]) t.false(await call(i));
  t.is(engine.stats().residents.sandboxes, 4);
  for (const i of [0, 1, 4, 5]) t.true(await call(i), `${i} was used lately`);
  for (const i of [2, 3]) t.false(await call(i), `${i} was used longest ago`);
});

test.serial('a sandbox that closed comes back with the next call, however often', async (t) => {
  const engine = await startEngine(t, { workers: 1, residentBytes: 0 });
  const handles = await defineMany(engine, 3);
  for (let turn = 0; turn < scaled(60); turn++) {
    for (const [i, handle] of handles.entries())
      t.is(await settle(handle.call(`${turn} ${i}`)), `${turn} ${i}`);
  }
  t.true(await eventually(() => engine.stats().residents.sandboxes === 1, 20));
  t.is(engine.stats().restores, 0);
});
