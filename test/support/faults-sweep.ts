/**
 * Run by test/conditions/faults.sweep.ts as a program of its own, on the test build of the addon: does things again and again, and
 * each time another system call fails. Arguments: a backend and the name of a scenario. Says on its standard output, a
 * JSON line each: what it is about to try, what was wrong, and in the end how much was tried.
 */
import type { Backend } from '../../src/base/backend-name.js';
import { ERROR_CODES, type ErrorCode, SnapvmError } from '../../src/index.js';
import { type FaultPlan, type FaultReport, faults, NO_FAULT } from './faults.js';
import { type Scenario, scenarios } from './faults-scenarios.js';
import { surplus, type Usage, usage } from './faults-usage.js';

const [backend, name] = process.argv.slice(2) as [Backend, string];

/** Errnos with which a process was killed, so that the error may speak of that instead. */
const KILLED: readonly string[] = ['No such process', 'No child processes'];
/** A call that goes on for longer than the whole scenario does not end. */
const MOST_CALLS = 200_000;

function say(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

function complain(plan: FaultPlan, report: FaultReport, problem: string): void {
  say({ problem, plan, name: report.name, errno: report.message });
}

async function attempt(run: () => Promise<void>): Promise<unknown> {
  try {
    await run();
    return undefined;
  } catch (error) {
    return error ?? new Error('threw nothing');
  }
}

/** What is wrong about an error; undefined for one that says what happened. */
function flaw(error: unknown, report: FaultReport): string | undefined {
  if (!(error instanceof SnapvmError)) return `not a SnapvmError: ${(error as Error).stack ?? error}`;
  if (!Object.hasOwn(ERROR_CODES, error.code)) return `unknown code ${error.code}`;
  const unexpected: ErrorCode[] = ['SNAPVM_INTERNAL', 'SNAPVM_ENGINE_WORKER_LOST', 'SNAPVM_SANDBOX_STATE'];
  if (unexpected.includes(error.code)) return `${error.code}: ${error.message}`;
  if (report.errno === 0 || KILLED.includes(report.message)) return undefined;
  return error.message.includes(report.message)
    ? undefined
    : `does not say why: ${error.code} ${error.message}`;
}

/** Tries one plan, and then the same without a fault. */
async function tryPlan(scenario: Scenario, plan: FaultPlan, before?: Usage): Promise<FaultReport> {
  say({ trying: plan });
  await scenario.before();
  faults().arm(plan);
  const error = await attempt(() => scenario.run());
  const report = faults().disarm();
  if (error !== undefined) {
    const found = flaw(error, report);
    if (found !== undefined) complain(plan, report, found);
  }
  if (report.counted > MOST_CALLS) complain(plan, report, `spins: ${report.counted} calls`);
  const next = await attempt(() => scenario.after());
  if (next !== undefined)
    complain(plan, report, `afterwards, without a fault: ${(next as Error).stack ?? next}`);
  // An engine's threads keep processes that are not counted.
  const ignored: (keyof Usage)[] = scenario.sample ? ['strays'] : [];
  const more =
    before === undefined
      ? ''
      : await surplus(before, report.name === 'munmap' ? [...ignored, 'mappings', 'vmTasks'] : ignored);
  if (more !== '') complain(plan, report, `left behind: ${more}`);
  return report;
}

/** Every errno of one call, and which it was; undefined if there are not so many. */
async function tryAll(scenario: Scenario, plan: FaultPlan, before: () => Usage): Promise<string | undefined> {
  for (let choice = 0; ; choice++) {
    const report = await tryPlan(scenario, { ...plan, choice }, before());
    if (report.name === '') return undefined;
    if (choice + 1 >= report.choices) return report.name;
  }
}

/** Of each name the first, the middle and the last call. */
function sampled(names: readonly string[]): number[] {
  const places = new Map<string, number[]>();
  for (const [index, name] of names.entries()) places.set(name, [...(places.get(name) ?? []), index + 1]);
  const few = [...places.values()].flatMap((all) => [all[0], all[all.length >> 1], all.at(-1)]);
  return [...new Set(few as number[])].sort((a, b) => a - b);
}

async function sweep(scenario: Scenario): Promise<void> {
  // Twice: what is made once in a process is not missed later.
  for (let turn = 0; turn < 2; turn++) await tryPlan(scenario, NO_FAULT);
  await scenario.before();
  faults().arm(NO_FAULT);
  await scenario.run();
  const { counted } = faults().disarm();
  const names = faults().calls();
  await scenario.after();
  let base = usage();
  const before = (): Usage => {
    // A mapping that could not be taken away stays, with the VM that it is of, and is no news.
    const { mappings, vmTasks } = usage();
    base = {
      ...base,
      mappings: Math.max(mappings, base.mappings),
      vmTasks: Math.max(vmTasks, base.vmTasks),
    };
    return base;
  };
  const places = scenario.sample ? sampled(names) : Array.from({ length: counted }, (_, index) => index + 1);
  for (const at of places) await tryAll(scenario, { at, choice: 0, forEver: false, only: '' }, before);
  const kinds = [...new Set(names)].sort();
  for (const only of kinds) await tryAll(scenario, { at: 1, choice: 0, forEver: true, only }, before);
  say({ counted, tried: places.length, kinds });
}

const scenario = scenarios(backend).find((one) => one.name === name);
if (scenario === undefined) throw new Error(`there is no scenario ${name}`);
await sweep(scenario);
await scenario.close();
process.exit(0);
