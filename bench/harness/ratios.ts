/** The figures that are compared from run to run and with what was to be reached: one number each. */
import { type Measured, type SuiteResult, spread } from './run.js';
import { round } from './statistics.js';

type Results = ReadonlyMap<string, SuiteResult>;

/** Each by its key: how it is made of what was measured, or undefined where that was not. */
const RATIOS: Readonly<Record<string, (results: Results) => number | undefined>> = {
  inThread: (results) => find(results, 'call', 'echo')?.ratio?.median,
  processInThread: (results) => find(results, 'backends_call', 'process, echo')?.ratio?.median,
  imageSize: (results) =>
    over(
      find(results, 'call_with_restore_image', '1024 MiB'),
      find(results, 'call_with_restore_image', '1 MiB'),
      'p50_us',
    ),
  latencyOverFloorUs: (results) => overFloorUs(find(results, 'latency', 'echo')),
  throughput: (results) => find(results, 'throughput', '2 × 64')?.ratio?.median,
  manyFunctions: (results) =>
    over(
      find(results, 'many_functions', '100 round robin'),
      find(results, 'many_functions', '1 round robin'),
      'calls_per_s',
    ),
  shellCreate: (results) =>
    over(find(results, 'create', 'warm'), find(results, 'create', 'raw KVM'), 'p10_us'),
  jsVsQuickjs: (results) => jsOver(results, 'quickjs-emscripten'),
  jsVsIsolatedVm: (results) => jsOver(results, 'isolated-vm'),
  residentOverheadBytes: (results) => residentOverhead(results),
  jsToNative: (results) =>
    over(find(results, 'javascript', 'no-op'), find(results, 'javascript', 'native echo'), 'p50_us'),
  jsCompute: (results) => geometricMean(results, 'compute', 'over_node'),
  jsPackages: (results) => partOfPackages(find(results, 'js_packages', 'all')),
  tenantBytes: (results) => find(results, 'memory', 'tenant')?.figures['process_bytes']?.median,
  firstTouch: (results) => worst(results, 'first_touch', 'over_native'),
  defineColdMs: (results) => milliseconds(find(results, 'define', 'JavaScript, cold')),
  defineStoredMs: (results) => milliseconds(find(results, 'define', 'JavaScript, stored')),
  victimTail: (results) => find(results, 'hostile_tenants', 'attackers')?.figures['tail']?.median,
  eventLoopMs: (results) => find(results, 'hostile_tenants', 'attackers')?.figures['event_loop_ms']?.max,
  httpNative: (results) =>
    over(find(results, 'http', 'native echo'), find(results, 'http', 'bare route'), 'calls_per_s'),
  httpJs: (results) =>
    over(find(results, 'http', 'JavaScript'), find(results, 'http', 'bare route'), 'calls_per_s'),
  httpLatencyOverUs: (results) => httpLatencyOver(results),
  noisyNeighbour: (results) => find(results, 'http_neighbour', 'neighbour')?.figures['tail']?.median,
  latenessMs: (results) => most(results, 'lateness', 'late_ms'),
};

export function ratios(results: Results): Record<string, number> {
  const found = Object.entries(RATIOS).map(([key, make]) => [key, make(results)] as const);
  return Object.fromEntries(found.filter((entry): entry is [string, number] => entry[1] !== undefined));
}

function find(results: Results, suite: string, variant: string): Measured | undefined {
  const found = results.get(suite)?.variants.get(variant);
  return found === undefined || 'skipped' in found ? undefined : found;
}

/** What a call over HTTP takes beyond a bare route and the engine's own call, microseconds. */
function httpLatencyOver(results: Results): number | undefined {
  const [native, bare, engine] = ['native echo', 'bare route', 'engine'].map((name) =>
    find(results, 'http', `${name}, one at a time`),
  );
  if (native === undefined || bare === undefined || engine === undefined) return undefined;
  const p50 = (of: Measured, i: number): number => of.rounds[i]?.['p50_us'] ?? Number.NaN;
  return spread(
    native.rounds.map((_, i) => p50(native, i) - p50(bare, i) - p50(engine, i)),
    1,
  ).median;
}

/** Median of the ratios of neighbouring rounds: a machine that drifts moves both sides of each. */
function over(above: Measured | undefined, below: Measured | undefined, figure: string): number | undefined {
  if (above === undefined || below === undefined) return undefined;
  return spread(
    above.rounds.map((mine, i) => (mine[figure] ?? Number.NaN) / (below.rounds[i]?.[figure] ?? Number.NaN)),
    3,
  ).median;
}

/** The largest median of a suite's variants; undefined unless each of them was measured. */
function worst(results: Results, suite: string, figure: string): number | undefined {
  const names = [...(results.get(suite)?.variants.keys() ?? [])];
  const medians = names.map((name) => find(results, suite, name)?.figures[figure]?.median ?? Number.NaN);
  const most = Math.max(...medians);
  return Number.isFinite(most) ? most : undefined;
}

/** Of the medians of a suite's variants; undefined unless each of them was measured. */
function geometricMean(results: Results, suite: string, figure: string): number | undefined {
  const names = [...(results.get(suite)?.variants.keys() ?? [])];
  const logs = names.map((name) =>
    Math.log(find(results, suite, name)?.figures[figure]?.median ?? Number.NaN),
  );
  const mean = Math.exp(logs.reduce((sum, log) => sum + log, 0) / logs.length);
  return Number.isFinite(mean) ? round(mean) : undefined;
}

/** The most that any variant had in any round; of those that could be measured. */
function most(results: Results, suite: string, figure: string): number | undefined {
  const names = [...(results.get(suite)?.variants.keys() ?? [])];
  const all = names.map(
    (name) => find(results, suite, name)?.figures[figure]?.max ?? Number.NEGATIVE_INFINITY,
  );
  const found = Math.max(...all);
  return Number.isFinite(found) ? found : undefined;
}

function overFloorUs(measured: Measured | undefined): number | undefined {
  if (measured === undefined) return undefined;
  const { rounds, floors } = measured;
  return spread(
    rounds.map((mine, i) => (mine['p50_us'] ?? Number.NaN) - (floors[i]?.invoke_us ?? Number.NaN)),
    1,
  ).median;
}

function jsOver(results: Results, peer: string): number | undefined {
  return over(
    find(results, 'peers', 'json, fresh: snapvm, JavaScript'),
    find(results, 'peers', `json, fresh: ${peer}`),
    'calls_per_s',
  );
}

/** What a further sandbox adds to what is resident in the process, beyond the guest's own pages. */
function residentOverhead(results: Results): number | undefined {
  const figures = find(results, 'memory', 'sandbox')?.figures;
  if (figures === undefined) return undefined;
  return round((figures['process_bytes']?.median ?? 0) - (figures['private_bytes']?.median ?? 0), 0);
}

/** With digits enough to tell one package of some hundred. */
function partOfPackages(measured: Measured | undefined): number | undefined {
  if (measured === undefined) return undefined;
  const { working, packages } = measured.figures;
  return round((working?.median ?? 0) / (packages?.median ?? 0), 4);
}

function milliseconds(measured: Measured | undefined): number | undefined {
  const median = measured?.figures['p50_us']?.median;
  return median === undefined ? undefined : round(median / 1000);
}
