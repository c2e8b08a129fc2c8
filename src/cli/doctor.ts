/** `snapvm doctor`: whether this machine can run guests. */
import { type Arguments, defineCommand, UsageError } from './arguments.js';
import { runConformanceCommand } from './conformance.js';
import { CHECKS, type Check, CheckFailed, type Finding } from './doctor-checks.js';
import { reportOf } from './failure.js';
import { heading } from './help.js';
import { oneLine, paint, print, printJson } from './output.js';

const FLAGS = {
  json: { help: 'Print one JSON object' },
  conformance: { help: 'Run every conformance case on every backend, and print a report for an issue' },
  backend: { value: 'NAME', help: 'With --conformance: only this backend' },
  filter: { value: 'TEXT', help: 'With --conformance: only cases with TEXT in "area: name"' },
} as const;

interface Result {
  readonly name: string;
  readonly status: 'ok' | 'failed' | 'skipped';
  readonly text: string;
  readonly data?: Finding['data'];
  readonly fix?: string;
}

export const doctorCommand = defineCommand({
  name: 'doctor',
  summary: 'Checks whether this machine can run guests, with one real call, and says how to fix it if not.',
  positionals: [],
  flags: FLAGS,
  notes: `${heading('Examples')}
  snapvm doctor
  snapvm doctor --json | jq .ok
  snapvm doctor --conformance > report.txt`,
  run: async (args) => {
    if (args.has('conformance')) return await runConformanceCommand(args);
    for (const flag of ['backend', 'filter'] as const)
      if (args.has(flag)) throw new UsageError(`--${flag} goes with --conformance`);
    const results = await lookAtAll(args);
    const failed = results.find(({ status }) => status === 'failed');
    const verdict = failed === undefined ? 'snapvm works here' : `snapvm does not work here: ${failed.name}`;
    if (args.has('json')) await printJson({ ok: failed === undefined, verdict, checks: results });
    else await print(closing(verdict, failed));
    return failed === undefined ? 0 : 1;
  },
});

async function lookAtAll(args: Arguments<typeof FLAGS>): Promise<Result[]> {
  const results: Result[] = [];
  const width = Math.max(...CHECKS.map(({ name }) => name.length));
  for (const check of CHECKS) {
    const blocked = results.some(({ status }) => status === 'failed');
    const result: Result = blocked
      ? { name: check.name, status: 'skipped', text: 'not tried' }
      : await look(check);
    results.push(result);
    if (!args.has('json')) await print(resultLines(result, width));
  }
  return results;
}

async function look({ name, look }: Check): Promise<Result> {
  try {
    return { name, status: 'ok', ...(await look()) };
  } catch (error) {
    if (error instanceof CheckFailed) {
      return { name, status: 'failed', text: error.message, fix: error.fix };
    }
    // The errors of snapvm itself say what to do.
    const { code, message } = reportOf(error);
    return { name, status: 'failed', text: `${code}: ${message}` };
  }
}

const MARKS = {
  ok: paint('green', 'ok    '),
  failed: paint('red', 'FAILED'),
  skipped: paint('dim', '-     '),
} as const;

/** Findings of several lines continue below the first. */
function resultLines({ name, status, text }: Result, width: number): string {
  const [first = '', ...rest] = text.split('\n').map(oneLine);
  const indent = ' '.repeat(width + 10);
  const lines = [`${MARKS[status]}  ${name.padEnd(width)}  ${first}`, ...rest.map((line) => indent + line)];
  return `${lines.join('\n')}\n`;
}

function closing(verdict: string, failed: Result | undefined): string {
  if (failed === undefined) return `\n${paint('green', verdict)}\n`;
  return `\n${paint('red', verdict)}: ${oneLine(failed.fix ?? failed.text)}\n`;
}
