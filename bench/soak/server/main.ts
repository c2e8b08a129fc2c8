/**
 * `npm run soak:server`: `snapvm serve` under mixed and hostile load, while functions are deployed and rolled back, and
 * while it is killed and started again. Build nothing in this tree meanwhile: a server that starts anew is loaded from
 * `dist/` at that moment.
 */
import { setMaxListeners } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, release, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { round } from '../../harness/statistics.js';
import { Tally } from '../tally.js';
import { judge } from '../verdict.js';
import { describe, type ServerReport, statusesOf } from './report.js';
import { ServerSoak } from './run.js';
import { accessText } from './tenants.js';

const USAGE = `Usage: npm run soak:server -- [--minutes N] [--backend NAME] [--json]

Runs "snapvm serve" as a process of its own under load of several tenants (functions that answer, crash, spin, log,
answer much; deployments, aliases and rollbacks under way; clients that hang up, crawl and send rubbish; one tenant
over its quota), kills it twice with SIGKILL, and ends it with SIGTERM. It fails if any answer is none of those that
were expected, if something that was acknowledged is not there after a restart, if anything is left behind, or if
memory, descriptors, mappings, threads or latency of the last server have grown, its warm-up left out. A run under 8
minutes is too short to judge growth, and says so.
  --minutes N     how long, fractions allowed; 10 unless told
  --backend NAME  what runs guests: kvm, process or auto
  --json          one JSON object on stdout, with all samples
Ctrl-C ends it early, with what there is.
`;

/**
 * A server becomes larger for some minutes, until both workers have had each function and its heaps have found their
 * size. One that did not run for longer than that is not said to be flat, and fails for other reasons only.
 */
const WARM_UP_SECONDS = 180;
const JUDGED_SECONDS = 300;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      minutes: { type: 'string', default: '10' },
      backend: { type: 'string' },
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
  process.exitCode = 1; // also if nothing is left that would ever happen
  const report = await inDirectory((directory) => soak(directory, minutes * 60, values.backend));
  process.stdout.write(values.json ? `${JSON.stringify(report)}\n` : describe(report));
  if (report.passed) process.exitCode = 0;
}

async function inDirectory<T>(work: (directory: string) => Promise<T>): Promise<T> {
  const directory = mkdtempSync(join(tmpdir(), 'snapvm-soak-'));
  try {
    return await work(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

async function soak(
  directory: string,
  runSeconds: number,
  backend: string | undefined,
): Promise<ServerReport> {
  const end = new AbortController();
  setMaxListeners(0, end.signal); // every lane that pauses listens
  const interrupt = (): void => end.abort('interrupted');
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, interrupt);
  const accessFile = join(directory, 'access.json');
  writeFileSync(accessFile, accessText(), { mode: 0o600 });
  const tally = new Tally((what) => process.stderr.write(`unexpected: ${what}\n`));
  const run = new ServerSoak({ directory: join(directory, 'server'), accessFile, backend }, tally, end);
  const seconds = await run.run(runSeconds);
  const last = run.samples.at(-1) ?? [];
  const isLong = (last.at(-1)?.seconds ?? 0) >= JUDGED_SECONDS;
  const verdict = judge(isLong ? last : [], WARM_UP_SECONDS);
  const all = tally.toJSON();
  return {
    minutes: round(seconds / 60, 1),
    interrupted: end.signal.reason === 'interrupted',
    machine: `${cpus()[0]?.model ?? 'unknown'}, ${cpus().length} CPUs, Linux ${release()}, Node ${process.version}`,
    requests: tally.calls,
    kills: run.kills,
    outcomes: all,
    statuses: statusesOf(all),
    unexpected: tally.unexpected,
    inventories: run.inventories,
    verdict,
    passed: (verdict.flat || !isLong) && tally.unexpected.count === 0,
    samples: run.samples,
  };
}

main().catch((error: unknown) => {
  process.stderr.write(`soak:server: ${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
});
