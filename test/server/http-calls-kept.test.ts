// What is kept of asynchronous calls, and whose turn it is: below HTTP, since the limits are large.
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { KeptCalls, type KeptOptions } from '../../src/server/http/calls/kept-calls.js';
import type { CallRecord } from '../../src/server/http/calls/record.js';
import { Turns } from '../../src/server/http/calls/turns.js';
import { freshDirectory } from '../support/http-server.js';

const HOUR = 3_600_000;

function record(number: number, tenant = 'a'): CallRecord {
  const id = `00000000-0000-0000-0000-${String(number).padStart(12, '0')}`;
  return { id, tenant, function: 'f', version: 'v', revision: 1, state: 'queued', createdMs: 1 };
}

function folderIn(directory: string): string {
  const folder = join(directory, 'calls');
  mkdirSync(folder, { mode: 0o700 });
  return folder;
}

test('of more results than are kept, the oldest of the tenant go', async (t) => {
  let now = 1000;
  const folder = folderIn(freshDirectory(t));
  const options: KeptOptions = { folder, resultsMs: HOUR, clock: () => now, mostEnded: 2 };
  const calls = await KeptCalls.open(options);
  await calls.add(record(9, 'other'));
  await calls.end(record(9, 'other'), 'succeeded', '{}');
  for (const number of [3, 1, 2]) {
    await calls.add(record(number));
    now += 1;
    await calls.end(record(number), 'succeeded', `{"result":${number}}`);
  }
  const are = async (kept: KeptCalls) => {
    t.throws(() => kept.find('a', record(3).id), { message: /there is no asynchronous call/ });
    for (const number of [1, 2]) t.is(JSON.parse(await kept.read('a', record(number).id)).result, number);
    t.is(kept.find('other', record(9).id).state, 'succeeded');
  };
  await are(calls);
  t.is(readdirSync(folder).length, 3);
  const again = await KeptCalls.open(options);
  await are(again);
  now += HOUR;
  t.throws(() => again.find('a', record(1).id));
  await again.expire();
  t.deepEqual(readdirSync(folder), []);
});

test('of more bytes than are kept, the oldest of who has most go', async (t) => {
  let now = 1000;
  const folder = folderIn(freshDirectory(t));
  const calls = await KeptCalls.open({ folder, resultsMs: HOUR, clock: () => now, mostBytes: 3000 });
  for (const [number, tenant] of [
    [1, 'a'],
    [2, 'b'],
    [3, 'a'],
  ] as const) {
    await calls.add(record(number, tenant));
    now += 1;
    await calls.end(record(number, tenant), 'succeeded', `{"result":"${'x'.repeat(1200)}"}`);
  }
  t.throws(() => calls.find('a', record(1).id));
  t.is(calls.find('b', record(2).id).state, 'succeeded');
  t.is(calls.find('a', record(3).id).state, 'succeeded');
});

test('one tenant pushes out no results of another, whoever came first', async (t) => {
  let now = 1000;
  const folder = folderIn(freshDirectory(t));
  const options = { folder, resultsMs: HOUR, clock: () => now, mostBytes: 6000 };
  const calls = await KeptCalls.open({ ...options, isShared: true });
  const keep = async (number: number, tenant: string): Promise<void> => {
    await calls.add(record(number, tenant));
    now += 1;
    await calls.end(record(number, tenant), 'succeeded', `{"result":"${'x'.repeat(700)}"}`);
  };
  const kept = (tenant: string): number[] =>
    Array.from({ length: 20 }, (_, number) => number).filter((number) => {
      try {
        return calls.find(tenant, record(number).id) !== undefined;
      } catch {
        return false;
      }
    });
  await keep(1, 'small');
  for (let number = 2; number <= 9; number++) await keep(number, 'large');
  t.deepEqual(kept('small'), [1]);
  t.deepEqual(kept('large'), [7, 8, 9], 'half of the bytes');
  for (let number = 10; number <= 15; number++) await keep(number, 'third');
  t.deepEqual(kept('small'), [1], 'of all who have too much together, those lose who have most');
});

test('tenants take turns, in their own order, and one that is paused is passed over', (t) => {
  const turns = new Turns<{ tenant: string; bytes: number; name: string }>();
  const add = (tenant: string, name: string) => {
    const job = { tenant, bytes: 1, name };
    turns.reserve(job);
    turns.add(job);
    return job;
  };
  for (const name of ['a1', 'a2', 'a3', 'a4']) add('a', name);
  add('b', 'b1');
  const b2 = add('b', 'b2');
  turns.remove(b2);
  const take = () => turns.take()?.name;
  t.deepEqual([take(), take(), take()], ['a1', 'b1', 'a2']);
  const third = turns.take();
  t.is(third?.name, 'a3');
  if (third !== undefined) turns.putBack(third);
  turns.pause('a');
  t.is(take(), undefined);
  turns.resume('a');
  t.deepEqual([take(), take(), take()], ['a3', 'a4', undefined]);
  t.is(turns.size, 0);
});

test('a tenant has so many calls and bytes waiting, and another has its own', (t) => {
  const turns = new Turns<{ tenant: string; bytes: number }>();
  for (let n = 0; n < 1000; n++) turns.reserve({ tenant: 'a', bytes: 1 });
  t.throws(() => turns.reserve({ tenant: 'a', bytes: 1 }), { message: /1000 asynchronous calls/ });
  turns.release({ tenant: 'a', bytes: 1 });
  turns.reserve({ tenant: 'a', bytes: 1 });
  turns.reserve({ tenant: 'b', bytes: 200 * 2 ** 20 });
  t.throws(() => turns.reserve({ tenant: 'b', bytes: 100 * 2 ** 20 }));
});
