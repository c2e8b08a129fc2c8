/** JavaScript functions beside native ones: what a call costs, and what a further function takes. */
import { defineTenant } from '../src/cli/bench.js';
import { density } from '../src/cli/density.js';
import { Engine, type FunctionHandle } from '../src/index.js';
import { ECHO, PAYLOAD_BYTES, type Plan } from './plan.js';
import { median, percentile, round } from './statistics.js';

export interface JavaScriptResult {
  /** JavaScript no-op over the native echo: the median of the ratios of neighbouring rounds. */
  readonly ratio: number;
  readonly spread: readonly [least: number, most: number];
  /** Microseconds of a call from end to end, one in flight; pages put back before each. */
  readonly native: CallResult;
  readonly noop: CallResult;
  /** `({ name }) => ({ hello: name })`. */
  readonly json: CallResult;
  /** Image bytes of a further function, median of `tenants` - 1. */
  readonly tenant_bytes: number;
  readonly tenants: number;
  /** Image bytes all functions share: the runtime. */
  readonly runtime_bytes: number;
  /** Milliseconds of `define`: the first function, with the runtime, and each further one (median). */
  readonly define_first_ms: number;
  readonly define_further_ms: number;
}

interface CallResult {
  readonly p50_us: number;
  readonly p99_us: number;
  readonly dirty_pages: number;
}

const MODULE = 'export default () => {}; export const json = ({ name }) => ({ hello: name });';

export async function javascript(plan: Plan): Promise<JavaScriptResult> {
  await using engine = await Engine.start({ workers: 1 });
  const echo = await engine.define('echo', { elf: ECHO });
  const js = await engine.define('js', { js: MODULE });
  const input = new Uint8Array(PAYLOAD_BYTES).fill(0x61);
  const value = { name: 'Ada' };
  const subjects = {
    native: new Subject(echo, () => echo.call(input)),
    noop: new Subject(js, () => js.call()),
    json: new Subject(js, () => js.call(value, { fn: 'json' })),
  };
  for (const subject of Object.values(subjects)) await subject.measure(plan.calls / 10);
  for (const subject of Object.values(subjects)) subject.rounds.length = 0;
  for (let i = 0; i < plan.rounds; i++) {
    plan.progress(`javascript: round ${i + 1} of ${plan.rounds}`);
    for (const subject of Object.values(subjects)) await subject.measure(plan.calls / 3);
  }
  const ratios = subjects.noop.rounds.map(
    (r, i) => r.p50_us / (subjects.native.rounds[i]?.p50_us ?? Number.NaN),
  );
  return {
    ratio: round(median(ratios), 3),
    spread: [round(Math.min(...ratios), 3), round(Math.max(...ratios), 3)],
    native: subjects.native.result,
    noop: subjects.noop.result,
    json: subjects.json.result,
    ...(await tenants(plan)),
  };
}

class Subject {
  readonly rounds: CallResult[] = [];

  constructor(
    readonly handle: Pick<FunctionHandle, 'lastCost'>,
    readonly call: () => Promise<unknown>,
  ) {}

  async measure(calls: number): Promise<void> {
    const times = new Float64Array(Math.ceil(calls));
    for (let i = 0; i < times.length; i++) {
      const began = performance.now();
      await this.call();
      times[i] = (performance.now() - began) * 1000;
    }
    const { stickyPages } = this.handle.lastCost;
    this.rounds.push({ p50_us: median(times), p99_us: percentile(times, 0.99), dirty_pages: stickyPages });
  }

  get result(): CallResult {
    const of = (pick: (one: CallResult) => number): number => round(median(this.rounds.map(pick)));
    return {
      p50_us: of((r) => r.p50_us),
      p99_us: of((r) => r.p99_us),
      dirty_pages: of((r) => r.dirty_pages),
    };
  }
}

async function tenants({ rounds, progress }: Plan) {
  const count = rounds * 20;
  progress(`javascript: ${count} functions`);
  await using engine = await Engine.start({ workers: 1 });
  const { first, further, defineMs } = await density(engine, {
    tenants: count,
    define: defineTenant,
    progress: () => {},
  });
  return {
    tenant_bytes: round(further.median, 0),
    tenants: count,
    runtime_bytes: first.shared,
    define_first_ms: round(defineMs.first),
    define_further_ms: round(defineMs.further.median),
  };
}
