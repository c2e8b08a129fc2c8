// What each tenant may use, with a clock that the tests turn.
import test, { type ExecutionContext } from 'ava';
import * as fc from 'fast-check';
import { SnapvmError } from '../../src/base/errors.js';
import { Bucket } from '../../src/server/access/bucket.js';
import type { TenantQuota } from '../../src/server/access/config.js';
import { Quotas } from '../../src/server/access/quotas.js';

const DAY_MS = 86_400_000;

/** A clock that stands still until it is turned. It is noon of some day. */
class Clock {
  ms = 1000;
  #wall = 20_000 * DAY_MS + DAY_MS / 2;

  monotonicMs(): number {
    return this.ms;
  }

  wallMs(): number {
    return this.#wall;
  }

  turn(ms: number): void {
    this.ms += ms;
    this.#wall += ms;
  }
}

function quotas(quotaOf: Record<string, TenantQuota>): { quotas: Quotas; clock: Clock } {
  const clock = new Clock();
  const map = new Map(Object.entries(quotaOf));
  return { quotas: new Quotas((tenant) => map.get(tenant) ?? {}, clock), clock };
}

function refused(t: ExecutionContext, run: () => unknown, quota: string, retryAfterSeconds: number): void {
  const error = t.throws(run, { instanceOf: SnapvmError }) as SnapvmError | undefined;
  t.is(error?.code, 'SNAPVM_SERVER_QUOTA');
  t.deepEqual(error?.details, { quota, retryAfterSeconds });
  t.true(error?.message.includes(quota));
}

test('as many calls as `concurrent` are on their way, whichever functions they are of', (t) => {
  const { quotas: all } = quotas({ acme: { concurrent: 2 } });
  const first = all.admitCall('acme', 'a');
  const second = all.admitCall('acme', 'b');
  refused(t, () => all.admitCall('acme', 'c'), 'concurrent', 1);
  first.end({ runUs: 1 });
  const third = all.admitCall('acme', 'c');
  refused(t, () => all.admitCall('acme', 'a'), 'concurrent', 1);
  second.end({ runUs: 1 });
  third.end({ runUs: 1 });
});

test('a call ends once, however often it is told', (t) => {
  const { quotas: all } = quotas({ acme: { concurrent: 2, concurrentPerFunction: 2 } });
  const first = all.admitCall('acme', 'a');
  all.admitCall('acme', 'a');
  for (let i = 0; i < 5; i++) first.end({ runUs: 1 });
  all.admitCall('acme', 'a');
  refused(t, () => all.admitCall('acme', 'a'), 'concurrent', 1);
});

test('a function has no more than `concurrentPerFunction`, and leaves the others theirs', (t) => {
  const { quotas: all } = quotas({ acme: { concurrentPerFunction: 1 } });
  const call = all.admitCall('acme', 'constructor');
  refused(t, () => all.admitCall('acme', 'constructor'), 'concurrentPerFunction', 1);
  all.admitCall('acme', 'toString').end({ runUs: 0 });
  call.end({ runUs: 0 });
  all.admitCall('acme', 'constructor').end({ runUs: 0 });
});

test('a refused call uses up nothing', (t) => {
  const { quotas: all, clock } = quotas({
    acme: { concurrent: 1, concurrentPerFunction: 1, callsPerSecond: 2 },
  });
  const call = all.admitCall('acme', 'a');
  for (let i = 0; i < 10; i++) refused(t, () => all.admitCall('acme', 'a'), 'concurrent', 1);
  call.end({ runUs: 0 });
  all.admitCall('acme', 'a').end({ runUs: 0 });
  for (let i = 0; i < 10; i++) refused(t, () => all.admitCall('acme', 'a'), 'callsPerSecond', 1);
  clock.turn(500);
  all.admitCall('acme', 'a').end({ runUs: 0 });
});

test('a rate gives a second’s calls at once after a rest, and says when to come back', (t) => {
  const { quotas: all, clock } = quotas({ acme: { callsPerSecond: 3 }, slow: { callsPerSecond: 0.1 } });
  for (let i = 0; i < 3; i++) all.admitCall('acme', 'a');
  clock.turn(60_000);
  for (let i = 0; i < 3; i++) all.admitCall('acme', 'a');
  refused(t, () => all.admitCall('acme', 'a'), 'callsPerSecond', 1);
  all.admitCall('slow', 'a');
  refused(t, () => all.admitCall('slow', 'a'), 'callsPerSecond', 10);
  clock.turn(2500);
  refused(t, () => all.admitCall('slow', 'a'), 'callsPerSecond', 8);
  clock.turn(7500);
  all.admitCall('slow', 'a');
});

test('a bucket never gives more than rate * time + burst, and nearly as much to whoever asks all the time', async (t) => {
  await fc.assert(
    fc.property(
      fc.double({ min: 0.01, max: 5000, noNaN: true }),
      fc.array(fc.tuple(fc.double({ min: 0, max: 3000, noNaN: true }), fc.nat(50)), { maxLength: 60 }),
      (rate, steps) => {
        const bucket = new Bucket(rate, 0);
        const burst = Math.max(1, rate);
        const given: { ms: number; before: number }[] = [];
        let [ms, count] = [0, 0];
        for (const [wait, asked] of steps) {
          ms += wait;
          given.push({ ms, before: count });
          for (let i = 0; i < asked; i++) if (bucket.take(ms) === 0) count += 1;
          for (const from of given) {
            t.true(count - from.before <= (rate * (ms - from.ms)) / 1000 + burst + 1e-6);
          }
        }
      },
    ),
  );
  await fc.assert(
    fc.property(fc.integer({ min: 1, max: 1000 }), fc.integer({ min: 1, max: 20 }), (rate, seconds) => {
      const bucket = new Bucket(rate, 0);
      let given = 0;
      for (let ms = 0; ms <= seconds * 1000; ms++) while (bucket.take(ms) === 0) given += 1;
      t.true(given >= rate * (seconds + 1) - 1);
    }),
    { numRuns: 20 },
  );
});

test('who waits as long as a bucket says is served, and a clock that goes back changes nothing', async (t) => {
  await fc.assert(
    fc.property(fc.double({ min: 0.01, max: 5000, noNaN: true }), fc.nat(100_000), (rate, startMs) => {
      const bucket = new Bucket(rate, startMs);
      let waitMs = 0;
      for (let i = 0; i < 6000 && waitMs === 0; i++) waitMs = bucket.take(startMs);
      t.true(waitMs > 0);
      t.is(bucket.take(startMs - 1e6), waitMs);
      t.is(bucket.take(startMs + waitMs + 0.001), 0);
    }),
  );
});

test('CPU seconds are a day’s, and come back at midnight UTC', (t) => {
  const { quotas: all, clock } = quotas({ acme: { cpuSecondsPerDay: 2 } });
  all.admitCall('acme', 'a').end({ runUs: 1_999_999 });
  const [last, later] = [all.admitCall('acme', 'a'), all.admitCall('acme', 'b')];
  last.end({ runUs: 5_000_000 }); // a call that was let in is not stopped
  refused(t, () => all.admitCall('acme', 'a'), 'cpuSecondsPerDay', 43_200);
  clock.turn(DAY_MS / 2 - 500);
  refused(t, () => all.admitCall('acme', 'a'), 'cpuSecondsPerDay', 1);
  clock.turn(500);
  all.admitCall('acme', 'a').end({ runUs: 1_000_000 });
  later.end({ runUs: 1_000_000 }); // counts for the day on which it ends
  refused(t, () => all.admitCall('acme', 'a'), 'cpuSecondsPerDay', 86_400);
});

test('one tenant’s flood costs another nothing', (t) => {
  const quota = { concurrent: 1, callsPerSecond: 1, cpuSecondsPerDay: 1 };
  const { quotas: all } = quotas({ flood: quota, quiet: quota });
  all.admitCall('flood', 'a').end({ runUs: 1e9 });
  for (let i = 0; i < 1000; i++) t.throws(() => all.admitCall('flood', `f${i}`));
  all.admitCall('quiet', 'a').end({ runUs: 0 });
});

test('a tenant without quotas is let in', (t) => {
  const { quotas: all } = quotas({});
  for (let i = 0; i < 1000; i++) all.admitCall('acme', 'a').end({ runUs: 1e12 });
  t.notThrows(() => all.admitDeployment('acme', { functions: 1e9, bytes: 1e15 }, 1e15));
});

test('deployments are held to functions and bytes; one more version is no further function', (t) => {
  const { quotas: all } = quotas({ acme: { functions: 2, bytes: 100 } });
  all.admitDeployment('acme', { functions: 1, bytes: 40 }, 60);
  refused(t, () => all.admitDeployment('acme', { functions: 1, bytes: 40 }, 61), 'bytes', 60);
  refused(t, () => all.admitDeployment('acme', { functions: 2, bytes: 0 }, 1), 'functions', 60);
  t.notThrows(() => all.admitDeployment('acme', { functions: 2, bytes: 0 }, 1, 0));
  t.deepEqual(all.of('acme'), { functions: 2, bytes: 100 });
});

test('whatever comes and ends, no more are on their way than may be, and all ends leave room for as many', async (t) => {
  const steps = fc.array(fc.record({ name: fc.constantFrom('a', 'b', 'c'), end: fc.option(fc.nat(30)) }));
  await fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 6 }),
      fc.integer({ min: 1, max: 4 }),
      steps,
      (concurrent, each, all) => {
        const made = quotas({ acme: { concurrent, concurrentPerFunction: each } }).quotas;
        const running: { name: string; end(): void }[] = [];
        for (const { name, end } of all) {
          if (end !== null) {
            for (const call of running.splice(end % (running.length + 1), 1)) call.end();
            continue;
          }
          const sameName = running.filter((call) => call.name === name).length;
          const room = running.length < concurrent && sameName < each;
          try {
            const admission = made.admitCall('acme', name);
            t.true(room);
            running.push({ name, end: () => admission.end({ runUs: 0 }) });
          } catch {
            t.false(room);
          }
        }
        for (const call of running) call.end();
        for (let i = 0; i < concurrent; i++) made.admitCall('acme', `f${i}`);
        t.throws(() => made.admitCall('acme', 'f'));
      },
    ),
  );
});
