/** Runs the cases on one backend. A case that fails stops no other one, and what it opened is closed. */
import type { Backend } from '../../src/base/backend-name.js';
import { SnapvmError } from '../../src/base/errors.js';
import type { CaseResult } from '../../src/cli/conformance-result.js';
import type { Case } from './case.js';
import { Context, Fixtures } from './context.js';
import { UNDER_QEMU } from './guest.js';
import { CASES } from './index.js';

/** What to run. */
export interface ConformanceOptions {
  readonly backend: Backend;
  /** Only cases with this text in "area: name". @default all */
  readonly filter?: string;
  /** @default CASES */
  readonly cases?: readonly Case[];
  /** Told as each case ends, with how many there are. */
  readonly onResult?: (result: CaseResult, done: number, count: number) => void;
}

/** For a case as a whole; a guest that runs is stopped by its own limit before that. */
export const CASE_LIMIT_MS: number = UNDER_QEMU ? 300_000 : 90_000;

/** Every case, in order. */
export async function runConformance(options: ConformanceOptions): Promise<CaseResult[]> {
  const { backend, filter = '', cases = CASES, onResult } = options;
  const chosen = cases.filter((one) => titleOf(one).includes(filter));
  const fixtures = new Fixtures(backend);
  const results: CaseResult[] = [];
  try {
    for (const one of chosen) {
      const result = await runCase(one, fixtures);
      results.push(result);
      onResult?.(result, results.length, chosen.length);
    }
  } finally {
    await fixtures.close();
  }
  return results;
}

/** How a case is named in reports. */
export function titleOf({ area, name }: Pick<CaseResult, 'area' | 'name'>): string {
  return `${area}: ${name}`;
}

/** One case. */
export async function runCase(one: Case, fixtures: Fixtures, limitMs = CASE_LIMIT_MS): Promise<CaseResult> {
  const { name, area } = one;
  const reason = one.unsupported?.[fixtures.backend];
  if (reason !== undefined) return { name, area, status: 'unsupported', ms: 0, message: reason };
  const since = performance.now();
  const { failures, notes } = await attempt(one, fixtures, limitMs);
  // Whatever state the shared engine is in, the next case does not have to live with it.
  if (failures.length > 0) await fixtures.close();
  const ms = Math.round(performance.now() - since);
  const found = notes.length > 0 && { notes };
  if (failures.length === 0) return { name, area, status: 'passed', ms, ...found };
  return { name, area, status: 'failed', ms, message: failures.map(explain).join('\n'), ...found };
}

async function attempt(
  one: Case,
  fixtures: Fixtures,
  limitMs: number,
): Promise<{ failures: unknown[]; notes: readonly string[] }> {
  const deferred: (() => unknown)[] = [];
  const context = new Context(fixtures, (done) => void deferred.push(done));
  const failures: unknown[] = [];
  try {
    await within(limitMs, async () => await one.run(context));
  } catch (error) {
    failures.push(error);
  }
  for (const done of deferred.reverse()) {
    try {
      await done();
    } catch (error) {
      failures.push(error);
    }
  }
  return { failures, notes: context.notes };
}

/** Rejects when `work` takes too long; what becomes of it then is of no interest any more. */
async function within(limitMs: number, work: () => Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`it did not end within ${limitMs / 1000} s`)), limitMs);
  });
  try {
    await Promise.race([work(), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** The message, and where in the cases it was thrown. */
function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const text = error instanceof SnapvmError ? `${error.code}: ${error.message}` : error.message;
  const [, place] = /conformance\/([\w-]+\.js:\d+)/.exec(error.stack ?? '') ?? [];
  return place === undefined ? text : `${text} (${place})`;
}
