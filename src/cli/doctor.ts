/** `snapvm doctor`: tells whether this machine can run guests, and on which backends. */

import { BACKEND_CHOICES, BACKENDS, type Backend, type BackendChoice } from '../base/backend-name.js';
import { checkBackend } from '../engine/backend.js';
import { defineCommand, UsageError } from './arguments.js';
import { backendOption } from './backend-flag.js';
import { runConformanceCommand } from './conformance.js';
import { BACKEND_CHECKS, checkCalls } from './doctor-backends.js';
import { type Check, CheckFailed, type Finding, MACHINE_CHECKS } from './doctor-checks.js';
import { reportOf } from './failure.js';
import { heading } from './help.js';
import { oneLine, paint, print, printJson } from './output.js';

const FLAGS = {
  json: { help: 'Print one JSON object' },
  backend: {
    value: 'name',
    help: 'Only this backend counts: auto, kvm or process (default: as engines do)',
    offers: BACKEND_CHOICES,
  },
  conformance: { help: 'Run every conformance case on every backend, and print a report for an issue' },
  filter: { value: 'text', help: 'With --conformance: only cases with the text in "area: name"' },
} as const;

type Status = 'ok' | 'failed' | 'unusable' | 'skipped';

interface Result {
  readonly name: string;
  /** `unusable` is a backend that this machine lacks: no harm as long as it has another. */
  readonly status: Status;
  readonly text: string;
  readonly data?: Finding['data'];
  readonly fix?: string;
}

interface Diagnosis {
  readonly ok: boolean;
  readonly verdict: string;
  /** The backend that an engine uses here. */
  readonly backend: Backend | null;
  readonly checks: readonly Result[];
}

export const doctorCommand = defineCommand({
  name: 'doctor',
  summary:
    'Checks on which backends this machine can run guests, with a real call, and says how to fix the others.',
  positionals: [],
  flags: FLAGS,
  notes: `The exit code is 0 if guests can run on one backend, or on the one that --backend or SNAPVM_BACKEND names.

${heading('Examples')}
  snapvm doctor
  snapvm doctor --backend kvm
  snapvm doctor --json | jq .backend
  snapvm doctor --conformance > report.txt`,
  run: async (args) => {
    if (args.has('conformance')) return await runConformanceCommand(args);
    if (args.has('filter')) throw new UsageError('--filter goes with --conformance');
    const choice = checkBackend(backendOption(args).backend);
    const checks = await lookAtAll(choice, args.has('json') ? async () => {} : showResult);
    const diagnosis = diagnose(checks, choice);
    if (args.has('json')) await printJson(diagnosis);
    else await print(closing(diagnosis, choice));
    return diagnosis.ok ? 0 : 1;
  },
});

/** What stands for the whole machine comes first: without it no backend is worth trying, nor a call without one. */
async function lookAtAll(
  choice: BackendChoice,
  show: (result: Result) => Promise<void>,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  const add = async (check: Check, worthIt: boolean, bad: Status = 'failed'): Promise<void> => {
    const result = worthIt ? await look(check, bad) : notTried(check);
    results.push(result);
    await show(result);
  };
  const sound = (): boolean => !results.some(({ status }) => status === 'failed');
  for (const check of MACHINE_CHECKS) await add(check, sound());
  for (const name of BACKENDS) await add({ name, look: BACKEND_CHECKS[name] }, sound(), 'unusable');
  const usable = usableOf(results, choice);
  await add({ name: 'call', look: () => checkCalls(usable) }, usable.length > 0);
  return results;
}

async function look({ name, look }: Check, bad: Status): Promise<Result> {
  try {
    return { name, status: 'ok', ...(await look()) };
  } catch (error) {
    if (error instanceof CheckFailed) return { name, status: bad, text: error.message, fix: error.fix };
    // The errors of snapvm itself say what to do.
    const { code, message } = reportOf(error);
    return { name, status: bad, text: `${code}: ${message}` };
  }
}

function notTried({ name }: Check): Result {
  return { name, status: 'skipped', text: 'not tried' };
}

/** The backends that count, the strongest first. */
function countedOf(choice: BackendChoice): readonly Backend[] {
  return choice === 'auto' ? BACKENDS : [choice];
}

function usableOf(results: readonly Result[], choice: BackendChoice): readonly Backend[] {
  return countedOf(choice).filter((backend) =>
    results.some(({ name, status }) => name === backend && status === 'ok'),
  );
}

function diagnose(checks: readonly Result[], choice: BackendChoice): Diagnosis {
  const faults = faultsOf(checks, choice);
  const [backend] = usableOf(checks, choice);
  if (faults.length > 0 || backend === undefined) {
    const names = faults.map(({ name }) => name).join(', ');
    return { ok: false, verdict: `snapvm does not work here: ${names}`, backend: null, checks };
  }
  return { ok: true, verdict: `snapvm works here, on ${backend}${CAVEATS[backend]}`, backend, checks };
}

/** What keeps guests from running here: a failure, or that none of the backends that count can be used. */
function faultsOf(checks: readonly Result[], choice: BackendChoice): readonly Result[] {
  const failed = checks.filter(({ status }) => status === 'failed');
  if (failed.length > 0 || usableOf(checks, choice).length > 0) return failed;
  const counted: readonly string[] = countedOf(choice);
  return checks.filter(({ name }) => counted.includes(name));
}

const CAVEATS: Readonly<Record<Backend, string>> = {
  kvm: '',
  process: ': isolation is a process and seccomp, not a virtual machine',
};

const MARKS: Readonly<Record<Status, string>> = {
  ok: paint('green', 'ok      '),
  failed: paint('red', 'FAILED  '),
  unusable: paint('yellow', 'unusable'),
  skipped: paint('dim', '-       '),
};
const MARK_WIDTH = 8;
const NAMES = [...MACHINE_CHECKS.map(({ name }) => name), ...BACKENDS];
const NAME_WIDTH = Math.max(...NAMES.map(({ length }) => length));

/** Findings of several lines continue below the first. */
async function showResult({ name, status, text, fix }: Result): Promise<void> {
  const [first = '', ...rest] = text.split('\n').map(oneLine);
  // What is wrong with the whole machine is the last line; what is wrong with a backend has to be told here.
  if (status === 'unusable' && fix !== undefined) rest.push(`to use it: ${fix}`);
  const indent = ' '.repeat(MARK_WIDTH + NAME_WIDTH + 4);
  const lines = [
    `${MARKS[status]}  ${name.padEnd(NAME_WIDTH)}  ${first}`,
    ...rest.map((line) => indent + line),
  ];
  await print(`${lines.join('\n')}\n`);
}

function closing({ ok, verdict, checks }: Diagnosis, choice: BackendChoice): string {
  if (ok) return `\n${paint('green', verdict)}\n`;
  const fixes = faultsOf(checks, choice).map(({ name, text, fix }) => `  ${name}: ${oneLine(fix ?? text)}\n`);
  return `\n${paint('red', verdict)}\n${fixes.join('')}`;
}
