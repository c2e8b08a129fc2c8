/** String I/O: KVM reports it like a plain `out` or `in`, and finishes it later by writing registers and memory. */
import test from 'ava';
import { readyGuest } from './support/sandbox.js';

const PATTERN = Buffer.alloc(64, 0x5a);
const GENERAL_PROTECTION = 13;

for (const fn of ['rep_ins', 'disguised_rep_outs', 'disguised_outs']) {
  test(`${fn}: a fault, and nothing of it in the next call`, async (t) => {
    const guest = await readyGuest(t, 'hostile/strings', { verifyRestore: true });
    for (let round = 0; round < 5; round++) {
      const exit = guest.call(fn, 'input');
      t.is(exit.kind, 'fault');
      t.is(exit.kind === 'fault' && exit.fault.vector, GENERAL_PROTECTION);
      const next = guest.call('peek');
      t.is(next.kind, 'result');
      t.deepEqual(next.kind === 'result' && Buffer.from(next.output), PATTERN);
    }
  });
}

test('string output right behind a plain `out` that ended a call is still a fault', async (t) => {
  const guest = await readyGuest(t, 'hostile/strings', { verifyRestore: true });
  for (let round = 0; round < 5; round++) {
    // Where KVM reports RIP behind the `out`, the host cannot tell the two apart and refuses both.
    t.true(['result', 'fault'].includes(guest.call('behind_a_plain_out').kind));
    t.is(guest.call('behind_a_plain_out', 'x').kind, 'fault');
    t.is(guest.call('peek').kind, 'result');
  }
});
