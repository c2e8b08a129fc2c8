/** `npm run bench`: the engine beside the floor, measured in the same run. */
import { cpus, release } from 'node:os';
import { parseArgs } from 'node:util';
import { type DefineResult, type DefineTimes, define } from './define-suite.js';
import { type EndToEnd, endToEnd } from './end-to-end-suite.js';
import { type InThreadResult, inThread } from './in-thread-suite.js';
import { type JavaScriptResult, javascript } from './javascript-suite.js';
import { type LinuxResults, linux } from './linux-suite.js';
import type { Plan } from './plan.js';

const USAGE = `Usage: npm run bench -- [--json] [--quick]

Measures the engine beside the floor (bench/floor/floor.c: the raw KVM cost of a call) in one run.
  --json   one JSON object on stdout; \`ratios\` maps each key to a number
  --quick  fewer rounds, about 20 seconds
`;

interface Report {
  readonly ratios: {
    readonly inThread: number;
    readonly throughput: number;
    readonly latencyOverFloorUs: number;
    /** A JavaScript no-op from fresh state over the native echo. */
    readonly jsToNative: number;
    /** Image bytes that a further JavaScript function takes. */
    readonly tenantBytes: number;
    /** Milliseconds until the first JavaScript function of an engine is defined, and the same from a store. */
    readonly defineColdMs: number;
    readonly defineStoredMs: number;
  };
  readonly inThread: InThreadResult;
  readonly endToEnd: EndToEnd;
  readonly javascript: JavaScriptResult;
  readonly linux: LinuxResults;
  readonly define: DefineResult;
  readonly machine: {
    readonly cpu: string;
    readonly cpus: number;
    readonly kernel: string;
    readonly node: string;
  };
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { json: { type: 'boolean' }, quick: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
  });
  if (values.help) {
    process.stdout.write(USAGE);
    return;
  }
  const plan: Plan = {
    rounds: values.quick ? 3 : 9,
    calls: values.quick ? 3000 : 10_000,
    progress: (text) => {
      if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
    },
  };
  const result = await inThread(plan);
  const through = await endToEnd(plan);
  const scripts = await javascript(plan);
  const programs = await linux(plan);
  const defined = await define(plan);
  const report: Report = {
    ratios: {
      inThread: result.ratio,
      throughput: through.throughput,
      latencyOverFloorUs: through.latencyOverFloorUs,
      jsToNative: scripts.ratio,
      tenantBytes: scripts.tenant_bytes,
      defineColdMs: defined.javascript.cold_ms,
      defineStoredMs: defined.javascript.stored_ms,
    },
    inThread: result,
    endToEnd: through,
    javascript: scripts,
    linux: programs,
    define: defined,
    machine: {
      cpu: cpus()[0]?.model ?? 'unknown',
      cpus: cpus().length,
      kernel: release(),
      node: process.version,
    },
  };
  plan.progress('');
  process.stdout.write(values.json ? `${JSON.stringify(report)}\n` : describe(report));
}

function describe({ inThread: t, endToEnd: e, javascript: j, linux: l, define: d, machine }: Report): string {
  const lines = [
    `${machine.cpu}, ${machine.cpus} CPUs, Linux ${machine.kernel}, Node ${machine.node}`,
    '',
    `in thread (restore + run, 64-byte echo, ${t.dirty_pages} dirty pages)`,
    `  floor   ${t.floor.invoke_us} us a call, ${t.floor.invokes_per_s} calls/s`,
    `  engine  ${t.engine.p50_us} us a call (p99 ${t.engine.p99_us}), ${t.engine.calls_per_s} calls/s`,
    `  ratio   ${t.ratio} (${t.spread[0]} to ${t.spread[1]}), own time ${t.own_us} us`,
    '',
    'end to end (public API, 2 workers, 64-byte echo)',
    ...[e.single, e.many].map(
      (row) =>
        `  ${String(row.in_flight).padStart(2)} in flight: ${row.calls_per_s} calls/s, p50 ${row.p50_us} us, p99 ${row.p99_us} us`,
    ),
    `  throughput ${e.throughput} of a floor of 2 threads, ${e.floor.invokes_per_s} calls/s (${e.throughputSpread[0]} to ${e.throughputSpread[1]})`,
    `  one in flight, p50 over the floor's ${e.floor.invoke_us} us: ${e.latencyOverFloorUs} us (${e.latencySpread[0]} to ${e.latencySpread[1]})`,
    '',
    'JavaScript (end to end, one in flight)',
    `  native echo ${j.native.p50_us} us, no-op ${j.noop.p50_us} us (${j.noop.dirty_pages} dirty pages), JSON in and out ${j.json.p50_us} us`,
    `  ratio no-op to echo ${j.ratio} (${j.spread[0]} to ${j.spread[1]})`,
    `  a further function: ${j.tenant_bytes} image bytes, ${j.define_further_ms} ms (median of ${j.tenants}); all share ${j.runtime_bytes}`,
    '',
    "a Linux program, busybox's awk (end to end, one in flight)",
    'skipped' in l
      ? `  not measured: ${l.skipped}`
      : `  frozen at its first read ${l.frozen.p50_us} us, from its start ${l.started.p50_us} us`,
    '',
    'define, the first of an engine (one worker)',
    `  native      ${describeTimes(d.native)}`,
    `  JavaScript  ${describeTimes(d.javascript)}`,
    `  BLAKE3 ${d.blake3_mib_s} MiB/s, ${d.blake3_javascript_mib_s} MiB/s in JavaScript`,
  ];
  return `${lines.join('\n')}\n`;
}

function describeTimes({ cold_ms, saving_ms, stored_ms }: DefineTimes): string {
  return `${cold_ms} ms initialised, ${saving_ms} ms with a save to a store, ${stored_ms} ms from the store`;
}

main().catch((error: unknown) => {
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`bench: ${message}\n`);
  process.exitCode = 1;
});
