// What the pool keeps its calls and functions in.
import test from 'ava';
import fc from 'fast-check';
import { LinkedList } from '../../src/base/linked-list.js';
import { Pending } from '../../src/base/pending.js';
import type { Call } from '../../src/pool/call.js';
import { RING, RingViews } from '../../src/wire/ring.js';

interface Item {
  previous: Item | undefined;
  next: Item | undefined;
  readonly id: number;
}

function items(list: LinkedList<Item>): number[] {
  const ids: number[] = [];
  for (let item = list.first; item !== undefined; item = item.next) ids.push(item.id);
  return ids;
}

test('a linked list is what an array would be, and who leaves knows nobody', (t) => {
  const steps = fc.array(fc.tuple(fc.constantFrom('push', 'unshift', 'remove'), fc.nat(9)), {
    maxLength: 60,
  });
  fc.assert(
    fc.property(steps, (chosen) => {
      const list = new LinkedList<Item>();
      const model: Item[] = [];
      for (const [id, [step, at]] of chosen.entries()) {
        const item: Item = { previous: undefined, next: undefined, id };
        if (step === 'push') {
          list.push(item);
          model.push(item);
        } else if (step === 'unshift') {
          list.unshift(item);
          model.unshift(item);
        } else if (model.length > 0) {
          const [gone] = model.splice(at % model.length, 1) as [Item];
          list.remove(gone);
          if (gone.previous !== undefined || gone.next !== undefined) return false;
        }
        if (list.size !== model.length || list.first !== model[0]) return false;
      }
      return JSON.stringify(items(list)) === JSON.stringify(model.map(({ id }) => id));
    }),
  );
  t.pass();
});

test('pending calls are a set, and who goes through them may delete', (t) => {
  const calls = Array.from({ length: 20 }, () => ({ index: -1 }) as Call);
  const pending = new Pending<Call>();
  for (const call of calls) pending.add(call);
  t.is(pending.size, 20);
  pending.delete(calls[0] as Call);
  pending.delete(calls[19] as Call);
  pending.delete(calls[7] as Call);
  t.is(pending.size, 17);
  const left = new Set(pending);
  t.deepEqual(
    calls.map((call) => left.has(call)),
    calls.map((_, i) => ![0, 7, 19].includes(i)),
  );
  let seen = 0;
  for (const call of pending) {
    pending.delete(call);
    seen += 1;
  }
  t.is(seen, 17);
  t.is(pending.size, 0);
  t.true(calls.every(({ index }) => index === -1));
});

test('sandboxes are counted by snapshot, as far as a byte goes', (t) => {
  const ring = new RingViews(new SharedArrayBuffer(RING.bytes));
  const id = 5;
  t.is(ring.held(id), 0);
  ring.addHeld(id, 1);
  ring.addHeld(id + RING.heldCounts, 1);
  t.is(ring.held(id), 2, 'ids that end alike are counted together');
  t.is(ring.held(id + 1), 0);
  for (let i = 0; i < 300; i++) ring.addHeld(id, 1);
  t.is(ring.held(id), 255);
  for (let i = 0; i < 400; i++) ring.addHeld(id, -1);
  t.is(ring.held(id), 0);
  t.true(RING.held + RING.heldCounts <= RING.payloads, 'below the payloads');
  t.true((RING.headers + RING.slots * RING.headerDoubles) * 8 <= RING.held, 'behind the headers');
});
