// The verdict of `npm run soak` can fail: made-up runs that leak or slow down, and noisy ones that do not.
import test from 'ava';
import { type Judged, judge } from '../../bench/soak/verdict.js';

const MiB = 2 ** 20;

/** A run with a sample every 10 s: noise of a few per cent, and what `change` makes of it. */
function run(
  minutes: number,
  change: (sample: Judged, minute: number) => Partial<Judged> = () => ({}),
): Judged[] {
  return Array.from({ length: minutes * 6 }, (_, i) => {
    const wave = Math.sin(i * 1.7);
    const sample: Judged = {
      seconds: (i + 1) * 10,
      rss_bytes: (150 + 5 * wave) * MiB,
      fds: Math.round(80 + 2 * wave),
      mappings: Math.round(850 + 60 * wave),
      guest_mappings: Math.round(220 + 4 * wave),
      threads: 14,
      p50_us: 200 + 30 * wave,
      p99_us: 900 + 300 * wave,
      others_cpu: 0.02,
    };
    return { ...sample, ...change(sample, (i + 1) / 6) };
  });
}

const notFlat = (samples: readonly Judged[]): string[] =>
  judge(samples)
    .findings.filter(({ flat }) => !flat)
    .map(({ name }) => name);

test('a noisy run in which nothing changes is flat', (t) => {
  const verdict = judge(run(60));
  t.true(verdict.flat);
  t.is(verdict.findings.length, 7);
  t.is(verdict.from_seconds, 300);
});

test('what happens in the warm-up does not matter', (t) => {
  const cold = (_: Judged, minute: number): Partial<Judged> =>
    minute < 5 ? { rss_bytes: (20 + 10 * minute) * MiB, p50_us: 9000 } : {};
  t.true(judge(run(60, cold)).flat);
  t.is(judge(run(8)).from_seconds, 120);
});

test('a few very bad samples are not a trend', (t) => {
  const spike = (sample: Judged): Partial<Judged> =>
    sample.seconds > 3000 && sample.seconds % 100 === 0 ? { p99_us: 1e6, rss_bytes: 2 ** 32 } : {};
  t.true(judge(run(60, spike)).flat);
});

test('memory that leaks is found, and how fast', (t) => {
  const leak = ({ rss_bytes }: Judged, minute: number): Partial<Judged> => ({
    rss_bytes: rss_bytes + minute * MiB,
  });
  t.deepEqual(notFlat(run(60, leak)), ['rss_bytes']);
  const rss = judge(run(60, leak)).findings.find(({ name }) => name === 'rss_bytes');
  t.true(Math.abs((rss?.per_hour ?? 0) / MiB - 60) < 6);
});

test('a descriptor or a mapping a minute is found', (t) => {
  t.deepEqual(notFlat(run(60, ({ fds }, minute) => ({ fds: fds + minute }))), ['fds']);
  const more = ({ guest_mappings }: Judged, minute: number): Partial<Judged> => ({
    guest_mappings: guest_mappings + minute,
  });
  t.deepEqual(notFlat(run(60, more)), ['guest_mappings']);
  const many = ({ mappings }: Judged, minute: number): Partial<Judged> => ({
    mappings: mappings + 5 * minute,
  });
  t.deepEqual(notFlat(run(60, many)), ['mappings']);
});

test('calls that become slow are found, at the median and at the tail', (t) => {
  t.deepEqual(notFlat(run(60, ({ p50_us }, minute) => ({ p50_us: p50_us * (1 + minute / 30) }))), ['p50_us']);
  t.deepEqual(notFlat(run(60, ({ p99_us }, minute) => ({ p99_us: p99_us * (1 + minute / 20) }))), ['p99_us']);
});

test('latency while other processes are busy does not count, if there is enough of another', (t) => {
  const busy =
    (share: number) =>
    (sample: Judged, minute: number): Partial<Judged> =>
      minute > 40 && (sample.seconds / 10) % 10 < share
        ? { p50_us: 9000, p99_us: 90_000, others_cpu: 0.6 }
        : {};
  t.true(judge(run(60, busy(8))).flat);
  const all = judge(run(60, busy(10)));
  t.true(all.flat);
  t.deepEqual(
    all.findings.filter(({ judged }) => !judged).map(({ name }) => name),
    ['p50_us', 'p99_us'],
  );
});

test('what becomes less is no fault', (t) => {
  const less = ({ rss_bytes }: Judged, minute: number): Partial<Judged> => ({
    rss_bytes: rss_bytes - minute * MiB,
  });
  t.true(judge(run(60, less)).flat);
});

test('too few samples are not called flat', (t) => {
  t.false(judge([]).flat);
  t.false(judge(run(1)).flat);
  t.deepEqual(judge(run(1)).findings, []);
});
