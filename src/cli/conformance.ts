/** `snapvm doctor --conformance`: all cases on the backends of this machine, and a report to attach to an issue. */

import { release } from 'node:os';
import { BACKENDS, type Backend } from '../base/backend-name.js';
import { escapeLine } from '../base/escape.js';
import { type ProbedBackend, probeBackends } from '../engine/backend.js';
import type { Arguments } from './arguments.js';
import { backendOption } from './backend-flag.js';
import type { CaseResult } from './conformance-result.js';
import { describeMachine, MACHINE_FILES } from './machine.js';
import { duration, paint, print, printJson, table } from './output.js';
import { version } from './version.js';

/** The options that this command reads. */
type ConformanceFlags = Readonly<Record<'json' | 'backend' | 'filter', { readonly help: string }>>;

interface BackendReport extends ProbedBackend {
  /** The results; absent when the backend cannot be used here. */
  readonly cases?: readonly CaseResult[];
  readonly ms?: number;
}

interface Processor {
  readonly model: string;
  readonly microcode: string;
  /** Whether the processor says that it is a virtual one. */
  readonly hypervisor: boolean;
}

interface Report {
  /** Whether cases ran, and none failed. */
  readonly ok: boolean;
  readonly snapvm: string;
  readonly node: string;
  readonly kernel: string;
  readonly processor: Processor;
  readonly backends: readonly BackendReport[];
}

const EXIT_FAILED = 1;
/** The exit code of any command on a machine that cannot run guests. */
const EXIT_HOST = 3;

/** Runs the cases. @returns the exit code: 0 if no case failed @throws UsageError */
export async function runConformanceCommand<F extends ConformanceFlags>(args: Arguments<F>): Promise<number> {
  const { backend = 'auto' } = backendOption(args);
  const wanted = backend === 'auto' ? BACKENDS : [backend];
  const report = await makeReport(wanted, args.text('filter'));
  if (args.has('json')) await printJson(report);
  else await print(textOf(report));
  if (report.ok) return 0;
  return report.backends.some(({ usable }) => usable) ? EXIT_FAILED : EXIT_HOST;
}

async function makeReport(wanted: readonly Backend[], filter: string | undefined): Promise<Report> {
  const backends: BackendReport[] = [];
  for (const probed of await probeBackends()) {
    if (wanted.includes(probed.backend)) backends.push(await runOn(probed, filter));
  }
  const cases = backends.flatMap((backend) => backend.cases ?? []);
  return {
    ok: cases.length > 0 && !cases.some(({ status }) => status === 'failed'),
    snapvm: await version(),
    node: process.version,
    kernel: release(),
    processor: describeProcessor(),
    backends,
  };
}

async function runOn(probed: ProbedBackend, filter: string | undefined): Promise<BackendReport> {
  if (!probed.usable) return probed;
  // Loaded when they are asked for: no other command may need the cases, or wait until they are read.
  const { runConformance, titleOf } = await import('../../test/conformance/run.js');
  const since = performance.now();
  const cases = await runConformance({
    backend: probed.backend,
    ...(filter !== undefined && { filter }),
    onResult: (result, done, count) => progress(`${probed.backend}: ${done} of ${count}, ${titleOf(result)}`),
  });
  progress('');
  return { ...probed, cases, ms: Math.round(performance.now() - since) };
}

/** Shows progress on a terminal: each line replaces the one before. */
function progress(text: string): void {
  if (process.stderr.isTTY !== true) return;
  process.stderr.write(`\r\x1b[K${text.slice(0, (process.stderr.columns ?? 80) - 1)}`);
}

function describeProcessor(): Processor {
  const { processor, hypervisor } = describeMachine(MACHINE_FILES, {});
  return { model: processor.name, microcode: processor.microcode, hypervisor };
}

function textOf({ snapvm, node, kernel, processor, backends }: Report): string {
  const rows = [
    ['snapvm', snapvm],
    ['Node', node],
    ['kernel', kernel],
    ['processor', processor.model],
    ['microcode', processor.microcode],
    ['hypervisor', processor.hypervisor ? 'yes: this is a virtual machine' : 'none seen'],
  ];
  return `${table(rows)}\n${backends.map(backendText).join('')}`;
}

function backendText(report: BackendReport): string {
  const { backend, error, capabilities = {}, cases, ms = 0 } = report;
  const title = `\n${paint('bold', `backend ${backend}`)}\n`;
  if (cases === undefined) {
    return `${title}  cannot be used here: ${escapeLine(error?.message ?? 'no reason is known')}\n`;
  }
  const found = Object.entries(capabilities).map(([name, value]) => `  ${name}: ${value}\n`);
  const counts = (['passed', 'failed', 'unsupported'] as const).map(
    (status) => `${cases.filter((one) => one.status === status).length} ${status}`,
  );
  const lines = cases.flatMap(caseLines).map((line) => `  ${line}\n`);
  return `${title}${found.join('')}  ${counts.join(', ')}, in ${duration(ms)}\n${lines.join('')}`;
}

/** What passed is not worth a line, unless it found one of several right things. */
function caseLines({ status, area, name, message = '', notes = [] }: CaseResult): string[] {
  const said = message.split('\n').map(escapeLine);
  const noted = notes.map((note) => `  ${escapeLine(note)}`);
  if (status === 'passed') return noted.length === 0 ? [] : [`noted: ${area}: ${name}`, ...noted];
  const mark = status === 'failed' ? paint('red', 'FAILED') : 'unsupported';
  return [`${mark}: ${area}: ${name}`, ...said.map((line) => `  ${line}`), ...noted];
}
