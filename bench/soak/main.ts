/**
 * `npm run soak`: an engine under a steady mixed load for a long time; nothing may grow, and nothing become slow. Build
 * nothing in this tree meanwhile: a worker that takes a dead one's place is loaded from `dist/` at that moment.
 */
import { setMaxListeners } from 'node:events';
import { cpus, release } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Engine, type EngineStats } from '../../src/index.js';
import { round } from '../harness/statistics.js';
import { attacks } from './attackers.js';
import { Churn, watchWorkers } from './churn.js';
import { defineAll, Host } from './functions.js';
import { jobs } from './jobs.js';
import { CALLERS, LOST, Load } from './load.js';
import { picker } from './picker.js';
import { type Held, held, type Inventory, inventory } from './process-state.js';
import { describe, progressLine, type Report } from './report.js';
import { Sampler } from './sampling.js';
import { Tally } from './tally.js';
import { judge, warmUpSeconds } from './verdict.js';

const USAGE = `Usage: npm run soak -- [--minutes N] [--json]

Runs an engine under a mixed load (calls that answer, crash, spin, log, call the host; tenants that attack it;
definitions that come and go; worker threads that are killed) and fails if anything unexpected happens, or if memory, descriptors, mappings or
latency have grown from the first to the last third of the run, its warm-up left out.
  --minutes N  how long, fractions allowed; 60 unless told
  --json       one JSON object on stdout, with all samples
Ctrl-C ends it early, with what there is.
`;

const WORKERS = 2;
/** Less than the functions need together, so that sandboxes are closed and made anew all the time. */
const RESIDENT_BYTES = 24 * 2 ** 20;
const SHORT_RUN_SECONDS = 180;
const MOST_CALIBRATION_SECONDS = 20;
const REPLACE_SECONDS = 30;
/** After a close, threads and descriptors of the last calls may still be on their way out. */
const SETTLE_MS = 500;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      minutes: { type: 'string', default: '60' },
      json: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) {
    process.stdout.write(USAGE);
    return;
  }
  const minutes = Number(values.minutes);
  if (!(minutes > 0)) throw new Error(`--minutes is ${values.minutes}; it must be a number above 0`);
  const report = await soak(minutes * 60);
  process.stdout.write(values.json ? `${JSON.stringify(report)}\n` : describe(report));
  if (!report.passed) process.exitCode = 1;
}

/** It stays for as long as the process does, so it is no growth. */
async function startEsbuild(): Promise<void> {
  await using engine = await Engine.start({ workers: 1 });
  await engine.define('first', { js: 'export default () => {};' });
}

async function soak(runSeconds: number): Promise<Report> {
  const end = new AbortController();
  setMaxListeners(0, end.signal); // every caller that pauses listens
  const interrupt = (): void => end.abort('interrupted');
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, interrupt);
  const tally = new Tally((what) => process.stderr.write(`${clearLine()}unexpected: ${what}\n`));
  const host = new Host();
  watchWorkers();
  await startEsbuild();
  const before = held();

  const engine = await Engine.start({
    workers: WORKERS,
    residentBytes: RESIDENT_BYTES,
    hostFunctions: host.functions,
    logger: host.logger,
  });
  let lost = 0;
  engine.on('workerReplaced', ({ calls }) => {
    lost += calls;
  });
  const functions = await defineAll(engine);
  const churn = new Churn(engine, tally, end.signal);
  await churn.start(runSeconds * 1000);
  const sampler = new Sampler(engine, () => tally.calls);
  const load = new Load({
    tally,
    pick: picker([...jobs(functions), ...(await attacks(engine)), churn.job]),
    echoed: (us) => sampler.echoed(us),
    signal: end.signal,
  });
  load.start();
  const rate = await load.calibrate(Math.min(MOST_CALIBRATION_SECONDS, runSeconds / 10));
  sampler.forget();
  const [cpuBefore, pacedFrom] = [process.cpuUsage(), sampler.seconds];
  const warm = await sampleUntil(runSeconds, sampler, tally, end.signal);
  const seconds = sampler.seconds;
  const cpu = process.cpuUsage(cpuBefore);
  const atEnd = inventory();
  end.abort('over');
  await Promise.all([load.ended(), churn.ended()]);
  // One may have been terminated just now.
  for (let i = 0; i < REPLACE_SECONDS && engine.workers < WORKERS; i++) await sleep(1000);
  const stats = engine.stats();
  sampler.close();
  await engine.close();
  await sleep(SETTLE_MS);
  const closed = held();

  check(tally, host, stats, { lost, terminated: churn.terminated, before, closed });
  const verdict = judge(sampler.samples);
  return {
    minutes: round(seconds / 60, 1),
    interrupted: end.signal.reason === 'interrupted',
    machine: `${cpus()[0]?.model ?? 'unknown'}, ${cpus().length} CPUs, Linux ${release()}, Node ${process.version}`,
    calls: tally.calls,
    rate,
    guest_share: round((stats.runUs.mean * stats.runUs.count) / 1e6 / (seconds * WORKERS), 3),
    cpus_used: round((cpu.user + cpu.system) / 1e6 / (seconds - pacedFrom)),
    host_calls: stats.hostCalls,
    new_sandboxes: stats.runUs.count - stats.restores,
    workers_terminated: churn.terminated,
    calls_lost: tally.count(LOST),
    outcomes: tally.toJSON(),
    unexpected: tally.unexpected,
    before,
    closed,
    inventories: { warm, end: atEnd, closed: inventory() },
    verdict,
    passed: verdict.flat && tally.unexpected.count === 0,
    samples: sampler.samples,
  };
}

/** Takes samples until the time is over or the signal aborts. Gives what was held when the warm-up had ended. */
async function sampleUntil(
  runSeconds: number,
  sampler: Sampler,
  tally: Tally,
  signal: AbortSignal,
): Promise<Inventory | undefined> {
  const stepSeconds = runSeconds < SHORT_RUN_SECONDS ? 2 : 10;
  let warm: Inventory | undefined;
  for (;;) {
    await sleep(stepSeconds * 1000, undefined, { signal }).catch(() => {});
    if (signal.aborted) return warm;
    const sample = sampler.take();
    if (process.stderr.isTTY) {
      process.stderr.write(`${clearLine()}${progressLine(sample, runSeconds, tally.unexpected.count)}`);
    }
    if (warm === undefined && sample.seconds >= warmUpSeconds(runSeconds)) warm = inventory();
    if (sample.seconds >= runSeconds) break;
  }
  process.stderr.write(clearLine());
  return warm;
}

function clearLine(): string {
  return process.stderr.isTTY ? '\r\x1b[K' : '';
}

interface Counted {
  /** Calls the engine says it lost with workers. */
  readonly lost: number;
  readonly terminated: number;
  readonly before: Held;
  readonly closed: Held;
}

/** What the engine, its logger and its callers say of the run must be the same. */
function check(
  tally: Tally,
  { lines, thrown, thrownLogged }: Host,
  stats: EngineStats,
  counted: Counted,
): void {
  const equal = (what: string, is: number, wanted: number): void => {
    if (is !== wanted) tally.surprise(`${what}: ${is}, not ${wanted}`);
  };
  const lost = tally.count(LOST) - tally.count(LOST, 'define');
  if (lost < counted.lost || lost > counted.terminated * CALLERS)
    tally.surprise(`${lost} calls lost with ${counted.terminated} workers; the engine says ${counted.lost}`);
  equal('workers replaced', stats.workersReplaced, counted.terminated);
  equal('workers at the end', stats.workers, WORKERS);
  equal('calls on their way at the end', stats.pending, 0);
  equal('lines of level info', lines.info, tally.count('ok', 'log'));
  equal('host functions that threw, logged', thrownLogged, thrown);
  // No descriptor of the engine outlives it; V8's own mappings do, so those are only reported.
  if (counted.closed.fds > counted.before.fds + 2)
    tally.surprise(`${counted.closed.fds} fds after the close, ${counted.before.fds} before the start`);
  if (counted.closed.threads > counted.before.threads)
    tally.surprise(
      `${counted.closed.threads} threads after the close, ${counted.before.threads} before the start`,
    );
}

main().catch((error: unknown) => {
  process.stderr.write(`soak: ${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
});
