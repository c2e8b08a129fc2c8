/** Whether a run was flat: nothing grew, and nothing became slow. Pure, so that made-up samples can prove it. */
import { median } from '../harness/statistics.js';

/** What the verdict looks at in a sample. */
export interface Judged {
  /** Since the load began. */
  readonly seconds: number;
  readonly rss_bytes: number;
  readonly fds: number;
  /** All, most of them of V8's heaps. */
  readonly mappings: number;
  /** Those of guests: of vCPUs, and of images. */
  readonly guest_mappings: number;
  readonly threads: number;
  readonly p50_us: number;
  readonly p99_us: number;
  /** Share of the machine's processors that other processes used. */
  readonly others_cpu: number;
}

/** Of one quantity. */
export interface Finding {
  readonly name: keyof Omit<Judged, 'seconds' | 'others_cpu'>;
  /** The median of the first third, and that of the last. */
  readonly first: number;
  readonly last: number;
  /** The most that `last` may be. */
  readonly limit: number;
  /** What the difference comes to in an hour. */
  readonly per_hour: number;
  /** In the two thirds together. */
  readonly samples: number;
  /** False for a latency, when others kept the machine busy in nearly all of a third: it is not said to be flat. */
  readonly judged: boolean;
  readonly flat: boolean;
}

export interface Verdict {
  /** The samples before this are warm-up, and are not looked at. */
  readonly from_seconds: number;
  readonly samples: number;
  /** Empty when there are too few samples to judge. */
  readonly findings: readonly Finding[];
  /** Of what was judged; false when nothing could be. */
  readonly flat: boolean;
}

const MiB = 2 ** 20;
const LONG_RUN_SECONDS = 600;
const LONG_WARM_UP_SECONDS = 300;
/** A median of fewer says nothing: each third has three at least. */
const FEWEST_SAMPLES = 9;
/** Above this others have taken the processors away, and a latency says more of them than of the engine. */
const QUIET_CPU = 0.1;
const FEWEST_QUIET = 3;

/**
 * How much the last third may have over the first.
 *
 * Each is the median of some samples, so that a single bad one, however bad, moves neither; and two thirds of the time
 * between them let a slow leak add up. What is left is noise, and these are wider than it and narrower than a leak:
 * - RSS: V8 gives heap back when it likes, which is worth some MiB. A leak of 1 KiB in one call of a hundred is more.
 * - fds, threads and mappings of guests: sandboxes come and go with the budget, a handful of each apiece; Linux gives
 *   each VM a thread.
 * - all mappings: V8 maps its heaps in pieces of 256 KiB, and a heap that is being used has 50 more one minute and 50
 *   fewer the next.
 * - latency: a factor of two in the p99 is weather; a queue or a list that grows with the calls is not: there are a
 *   hundred times as many calls at the end. Samples in which other processes were busy are left out: those take both
 *   processors away, and ten times as long is normal then. If too few are left in either third, it is not judged.
 */
const LIMITS: Readonly<Record<Finding['name'], (first: number) => number>> = {
  rss_bytes: (first) => Math.max(first * 1.1, first + 16 * MiB),
  fds: (first) => first * 1.02 + 8,
  mappings: (first) => first * 1.1 + 16,
  guest_mappings: (first) => first * 1.02 + 8,
  threads: (first) => first * 1.02 + 8,
  p50_us: (first) => first * 1.5,
  p99_us: (first) => first * 2,
};

/** From the 5th minute on; in a run under ten minutes from the end of its first quarter. */
export function warmUpSeconds(runSeconds: number): number {
  return runSeconds >= LONG_RUN_SECONDS ? LONG_WARM_UP_SECONDS : runSeconds / 4;
}

/** `from`: the seconds at which the warm-up has ended. */
export function judge(
  samples: readonly Judged[],
  from = warmUpSeconds(samples.at(-1)?.seconds ?? 0),
): Verdict {
  const warm = samples.filter(({ seconds }) => seconds >= from);
  const verdict = { from_seconds: from, samples: warm.length };
  if (warm.length < FEWEST_SAMPLES) return { ...verdict, findings: [], flat: false };
  const third = Math.floor(warm.length / 3);
  const [first, last] = [warm.slice(0, third), warm.slice(-third)];
  const hours = (middle(last) - middle(first)) / 3600;
  const findings = (Object.keys(LIMITS) as Finding['name'][]).map((name): Finding => {
    const isLatency = name.endsWith('_us');
    const [early, late] = isLatency ? [first.filter(isQuiet), last.filter(isQuiet)] : [first, last];
    const judged = Math.min(early.length, late.length) >= FEWEST_QUIET;
    const before = median(early.map((sample) => sample[name]));
    const after = median(late.map((sample) => sample[name]));
    const limit = LIMITS[name](before);
    const samples = early.length + late.length;
    return {
      name,
      first: before,
      last: after,
      limit,
      per_hour: (after - before) / hours,
      samples,
      judged,
      flat: !judged || after <= limit,
    };
  });
  return { ...verdict, findings, flat: findings.every(({ flat }) => flat) };
}

function middle(samples: readonly Judged[]): number {
  return median(samples.map(({ seconds }) => seconds));
}

function isQuiet({ others_cpu }: Judged): boolean {
  return others_cpu <= QUIET_CPU;
}
