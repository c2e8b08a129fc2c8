// Stops of a sandbox by the thousand: what each does by itself is a case of test/conformance/stop.ts or limits.ts.
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import test from 'ava';
import { addon } from '../../src/addon/addon.js';
import { nextTicket, readyGuest, scaled, show } from '../support/sandbox.js';
import type { StaleWork } from '../support/sandbox-stale.js';

test.serial('limits of 1 ms, 200 times, each followed by a good call', async (t) => {
  const guest = await readyGuest(t, 'examples/crash', { verifyRestore: true });
  for (let turn = 0; turn < scaled(200, 20); turn++) {
    t.deepEqual(guest.call('loop', '', { timeoutMs: 1 }), { kind: 'stopped', reason: 'time' });
    t.is(guest.text('ok'), 'ok');
  }
});

test.serial('thousands of calls succeed under a storm of stale stops and stray signals', async (t) => {
  const guest = await readyGuest(t, 'examples/echo', { verifyRestore: true });
  const shared = new BigInt64Array(new SharedArrayBuffer(16));
  const work: StaleWork = { interrupterId: addon().interrupterId(), shared };
  const worker = new Worker(new URL('../support/sandbox-stale.js', import.meta.url), { workerData: work });
  t.teardown(() => worker.terminate());
  t.deepEqual(await once(worker, 'message'), ['ready']);
  const calls = scaled(10_000, 200);
  for (let turn = 0; turn < calls; turn++) {
    const ticket = nextTicket();
    const outcome = guest.call('echo', `${turn}`, {}, ticket);
    if (outcome.kind !== 'result' || Buffer.from(outcome.output).toString() !== `${turn}`) {
      t.fail(`call ${turn}: ${show(outcome)}`);
      break;
    }
    Atomics.store(shared, 0, BigInt(ticket));
  }
  const report = once(worker, 'message');
  Atomics.store(shared, 1, 1n);
  const [{ interrupts, signals }] = (await report) as [{ interrupts: number; signals: number }];
  t.log(`${calls} calls, ${interrupts} stale stops, ${signals} stray signals`);
  t.true(interrupts > 100 && signals > 10);
});
