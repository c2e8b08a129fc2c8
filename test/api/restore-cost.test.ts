/** The time it takes to put a sandbox back is told, learned for the schedule, and in no limit of the call that waits for it. */
import test from 'ava';
import { Target } from '../../src/pool/call.js';
import { NO_COST } from '../../src/wire/protocol.js';
import { words } from '../conformance/guest.js';
import { startEngine } from '../support/engine.js';
import { guestPath, UNDER_QEMU } from '../support/sandbox.js';

const PROBE = { elf: guestPath('conformance/probe') };
const HEAP = UNDER_QEMU ? 16 << 20 : 128 << 20;
const PATIENT = { timeoutMs: 600_000, cpuMs: 600_000 };
/** Nothing copies memory faster than this. */
const MOST_BYTES_PER_US = 200_000;

test('a call after one that wrote much is told what its restore took, outside of its own limit', async (t) => {
  const engine = await startEngine(t, { workers: 1 });
  const probe = await engine.define('probe', PROBE, { heapBytes: HEAP, ...PATIENT });
  const { gva, bytes } = probe.snapshot.layout.heap;
  const first = gva + 4096n; // Initialise wrote the page before: see guest/conformance/probe.c
  const idle = words(first, first);
  await probe.call(idle, { fn: 'touch' });
  await probe.call(words(first, gva + BigInt(bytes)), { fn: 'touch' });
  t.true(probe.lastCost.runUs > 0);
  // CPU time, which other processes do not use up: less than the restore takes, much more than the call does.
  await probe.call(idle, { fn: 'touch', cpuMs: UNDER_QEMU ? 1000 : 10 });
  const { restoreUs, runUs, startedUs } = probe.lastCost;
  t.log(`${restoreUs} us for a restore, ${runUs} us to run`);
  t.true(restoreUs >= HEAP / MOST_BYTES_PER_US, `${restoreUs} us`);
  t.true(startedUs > 0);
  t.true(probe.stats().restoreUs.max >= restoreUs * 0.9, JSON.stringify(probe.stats().restoreUs));
  t.is(probe.stats().restoreUs.count, 3);
  t.deepEqual(probe.stats().errors, {});
});

test('what the schedule expects of a function has its restores in it', (t) => {
  const target = new Target({} as never);
  target.learn({ ...NO_COST, restoreUs: 5000, runUs: 1 });
  t.is(target.estimateUs, 5001);
  for (let call = 0; call < 50; call++) target.learn({ ...NO_COST, restoreUs: 100_000, runUs: 1 });
  t.true(target.estimateUs > 90_000);
});
