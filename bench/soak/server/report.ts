/** A run against a server as people read it. */
import { median } from '../../harness/statistics.js';
import type { Inventory } from '../process-state.js';
import { aligned, clock, findings, heldText, mib, outcomes, verdictLine } from '../report.js';
import type { Verdict } from '../verdict.js';
import type { ServerSample } from './sampling.js';

/** All of a run: what `--json` prints. */
export interface ServerReport {
  readonly minutes: number;
  readonly interrupted: boolean;
  readonly machine: string;
  readonly requests: number;
  /** How often the server was killed and started again. */
  readonly kills: number;
  readonly outcomes: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** By the first digit of the status. */
  readonly statuses: Readonly<Record<string, number>>;
  readonly unexpected: { readonly count: number; readonly first: readonly string[] };
  /** Of the server that was there last, when its warm-up had ended, and at the end of the load. */
  readonly inventories: { readonly warm: Inventory | undefined; readonly end: Inventory | undefined };
  /** Of the server that was there last. */
  readonly verdict: Verdict;
  readonly passed: boolean;
  /** Of each server, from its start on. */
  readonly samples: readonly (readonly ServerSample[])[];
}

const HEADS = [
  'server',
  'minute',
  'requests/s',
  'p50 us',
  'p99',
  'others %',
  'RSS MiB',
  'fds',
  'maps',
  'of guests',
  'threads',
  'processes',
];

export function describe(report: ServerReport): string {
  const { verdict, unexpected, samples, statuses } = report;
  return `${[
    report.machine,
    ...aligned(
      HEADS,
      samples.flatMap((of, life) => rows(life + 1, of)),
    ),
    '',
    ...outcomes(report.outcomes),
    '',
    `${report.requests} requests (${Object.entries(statuses)
      .map(([status, count]) => `${count} ${status}`)
      .join(', ')}), ${report.kills} times kill -9`,
    '',
    ...findings(verdict),
    ...unexpected.first.map((what) => `unexpected: ${what}`),
    verdictLine(report),
  ].join('\n')}\n`;
}

export function progressLine(sample: ServerSample, seconds: number, of: number, unexpected: number): string {
  return `${clock(seconds)} of ${clock(of)}: ${sample.requests} requests, ${sample.requests_per_s}/s, p50 ${sample.p50_us} us, ${heldText(sample)}, ${unexpected} unexpected`;
}

/** Statuses of all answers, by their first digit: `2xx`; what is none is `other`. */
export function statusesOf(all: ServerReport['outcomes']): Record<string, number> {
  const statuses: Record<string, number> = {};
  for (const of of Object.values(all)) {
    for (const [outcome, count] of Object.entries(of)) {
      const digit = /^[1-5](?=\d\d\b)/.exec(outcome)?.[0];
      const status = digit === undefined ? 'other' : `${digit}xx`;
      statuses[status] = (statuses[status] ?? 0) + count;
    }
  }
  return statuses;
}

/** Of each minute the median of its samples. */
function rows(life: number, samples: readonly ServerSample[]): string[][] {
  const minutes = new Map<number, ServerSample[]>();
  for (const sample of samples) {
    const minute = Math.ceil(sample.seconds / 60);
    minutes.set(minute, [...(minutes.get(minute) ?? []), sample]);
  }
  return [...minutes].map(([minute, of]) => {
    const mid = (pick: (sample: ServerSample) => number): number => median(of.map(pick));
    return [
      life,
      minute,
      mid((s) => s.requests_per_s),
      mid((s) => s.p50_us),
      mid((s) => s.p99_us),
      Math.round(100 * mid((s) => s.others_cpu)),
      mib(mid((s) => s.rss_bytes)),
      mid((s) => s.fds),
      mid((s) => s.mappings),
      mid((s) => s.guest_mappings),
      mid((s) => s.threads),
      mid((s) => s.processes),
    ].map(String);
  });
}
