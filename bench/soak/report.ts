/** A run as people read it. */
import { median } from '../harness/statistics.js';
import type { Held, Inventory, Resources } from './process-state.js';
import type { Sample } from './sampling.js';
import type { Finding, Verdict } from './verdict.js';

/** All of a run: what `--json` prints. */
export interface Report {
  readonly minutes: number;
  readonly interrupted: boolean;
  readonly machine: string;
  readonly calls: number;
  /** Calls a second without pauses, and those aimed at. */
  readonly rate: { readonly saturated: number; readonly target: number };
  /** Share of the workers' time in which their guests ran. */
  readonly guest_share: number;
  /** Processors that the process kept busy, once it was paced. */
  readonly cpus_used: number;
  readonly host_calls: number;
  /** Calls that a sandbox was made for; the others restored one. */
  readonly new_sandboxes: number;
  readonly workers_terminated: number;
  readonly calls_lost: number;
  readonly outcomes: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly unexpected: { readonly count: number; readonly first: readonly string[] };
  readonly before: Held;
  readonly closed: Held;
  readonly inventories: {
    readonly warm: Inventory | undefined;
    readonly end: Inventory;
    readonly closed: Inventory;
  };
  readonly verdict: Verdict;
  /** Nothing grew, nothing became slow, nothing unexpected happened. */
  readonly passed: boolean;
  readonly samples: readonly Sample[];
}

const MiB = 2 ** 20;

export function describe(report: Report): string {
  const { verdict, unexpected, before, closed, samples } = report;
  return `${[
    report.machine,
    ...table(samples),
    '',
    ...outcomes(report.outcomes),
    '',
    `${report.calls} calls, ${report.host_calls} host calls, ${report.new_sandboxes} new sandboxes, ${report.workers_terminated} workers terminated (${report.calls_lost} calls lost with them)`,
    `paced at ${report.rate.target} calls/s, half of the ${report.rate.saturated} without pauses; guests ran ${Math.round(report.guest_share * 100)} % of the workers' time, and the process used ${report.cpus_used} CPUs`,
    `before the start ${heldText(before)}; after the close ${heldText(closed)}`,
    '',
    ...findings(verdict),
    ...unexpected.first.map((what) => `unexpected: ${what}`),
    verdictLine(report),
  ].join('\n')}\n`;
}

export function progressLine(sample: Sample, runSeconds: number, unexpected: number): string {
  return `${clock(sample.seconds)} of ${clock(runSeconds)}: ${sample.calls} calls, ${sample.calls_per_s}/s, p50 ${sample.p50_us} us, p99 ${sample.p99_us} us, ${heldText(sample)}, ${unexpected} unexpected`;
}

const HEADS = [
  'minute',
  'calls/s',
  'p50 us',
  'p99',
  'p99.9',
  'max',
  'loop ms',
  'max',
  'others %',
  'RSS MiB',
  'heap',
  'external',
  'fds',
  'maps',
  'of guests',
  'threads',
  'sandboxes',
];

/** Of each minute the median of its samples; of the worst calls the worst. */
function table(samples: readonly Sample[]): string[] {
  const minutes = new Map<number, Sample[]>();
  for (const sample of samples) {
    const minute = Math.ceil(sample.seconds / 60);
    minutes.set(minute, [...(minutes.get(minute) ?? []), sample]);
  }
  const rows = [...minutes].map(([minute, of]) => {
    const mid = (pick: (sample: Sample) => number): number => median(of.map(pick));
    return [
      minute,
      mid((s) => s.calls_per_s),
      mid((s) => s.p50_us),
      mid((s) => s.p99_us),
      mid((s) => s.p999_us),
      Math.max(...of.map((s) => s.max_us)),
      mid((s) => s.loop_p99_ms),
      Math.max(...of.map((s) => s.loop_max_ms)),
      Math.round(100 * mid((s) => s.others_cpu)),
      mib(mid((s) => s.rss_bytes)),
      mib(mid((s) => s.heap_bytes)),
      mib(mid((s) => s.external_bytes)),
      mid((s) => s.fds),
      mid((s) => s.mappings),
      mid((s) => s.guest_mappings),
      mid((s) => s.threads),
      mid((s) => s.sandboxes),
    ].map(String);
  });
  return aligned(HEADS, rows);
}

export function aligned(heads: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const all = [heads, ...rows];
  const widths = heads.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  return all.map((row) => row.map((cell, column) => cell.padStart(widths[column] ?? 0)).join('  '));
}

/** A line for each kind. */
export function outcomes(all: Report['outcomes']): string[] {
  return Object.entries(all).map(
    ([kind, of]) =>
      `${kind}: ${Object.entries(of)
        .map(([outcome, count]) => `${count} ${outcome}`)
        .join(', ')}`,
  );
}

/** What the verdict says of each quantity. */
export function findings({ findings: all, from_seconds }: Verdict): string[] {
  if (all.length === 0) return ['too few samples after the warm-up to say whether it was flat'];
  const show = (name: Finding['name'], value: number): string =>
    name === 'rss_bytes' ? `${mib(value)} MiB` : String(Math.round(value));
  return [
    `medians of the first and the last third, from ${clock(from_seconds)} on`,
    ...all.map(({ name, first, last, limit, per_hour, flat, judged, samples }) =>
      judged
        ? `  ${flat ? 'flat' : 'NOT FLAT'}  ${name.replace('_', ' ')}: ${show(name, first)}, ${show(name, last)} (at most ${show(name, limit)}; ${per_hour > 0 ? '+' : ''}${show(name, per_hour)} an hour; of ${samples} samples)`
        : `  NOT JUDGED  ${name.replace('_', ' ')}: others kept the machine busy, in nearly all of a third`,
    ),
  ];
}

type Judgement = Pick<Report, 'passed' | 'verdict' | 'unexpected' | 'minutes' | 'interrupted'>;

export function verdictLine({ passed, verdict, unexpected, minutes, interrupted }: Judgement): string {
  const run = `${minutes} minutes${interrupted ? ' (interrupted)' : ''}`;
  if (passed) {
    if (verdict.findings.length === 0) return `passed: ${run}, too short to judge growth, nothing unexpected`;
    const flat = verdict.findings.every(({ judged }) => judged)
      ? 'flat'
      : 'flat where judged, latency was not';
    return `passed: ${run}, ${flat}, nothing unexpected`;
  }
  const why = [
    ...(verdict.flat ? [] : [verdict.findings.length === 0 ? 'too short to judge' : 'not flat']),
    ...(unexpected.count === 0 ? [] : [`${unexpected.count} unexpected`]),
  ];
  return `FAILED: ${run}, ${why.join(', ')}`;
}

export function heldText({ rss_bytes, fds, mappings, guest_mappings, threads }: Resources): string {
  return `${mib(rss_bytes)} MiB, ${fds} fds, ${mappings} mappings (${guest_mappings} of guests), ${threads} threads`;
}

export function mib(bytes: number): number {
  return Math.round((bytes / MiB) * 10) / 10;
}

export function clock(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`;
}
