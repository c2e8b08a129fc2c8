/** `npm run bench`: the engine beside the floor and beside its peers, measured in one run. */
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { chosen } from './harness/choose.js';
import { html } from './harness/html.js';
import { describe, report } from './harness/report.js';
import { type Plan, runSuite, type SuiteResult } from './harness/run.js';
import { SUITES } from './suites/index.js';

const USAGE = `Usage: npm run bench -- [--suite NAME]... [--quick] [--json] [--html FILE]

Measures the engine beside the floor (bench/floor: the raw KVM cost of a call) and its peers, each variant in a process
of its own, all in turn. The first run that needs the peers installs them into bench/node_modules.
  --suite NAME  only this suite, or those whose names begin so; may be given more than once
  --quick       fewer and shorter rounds, without what takes long: some minutes
  --json        one JSON object on stdout; \`ratios\` maps each key to a number
  --html FILE   writes a report with charts too

Suites:
${SUITES.map(({ name, title }) => `  ${name.padEnd(24)}${title}`).join('\n')}
`;

const FULL = { rounds: 5, budgetMs: 200 };
const QUICK = { rounds: 3, budgetMs: 100 };

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      suite: { type: 'string', multiple: true },
      quick: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      html: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) {
    process.stdout.write(USAGE);
    return;
  }
  const { quick } = values;
  const plan: Plan = { ...(quick ? QUICK : FULL), quick, progress };
  const results: SuiteResult[] = [];
  for (const suite of chosen(SUITES, values.suite)) results.push(await runSuite(suite, plan));
  progress('');
  const made = report(results);
  if (values.html !== undefined) await writeFile(values.html, await html(results, made));
  process.stdout.write(values.json ? `${JSON.stringify(made)}\n` : `${describe(results, made)}\n`);
}

let lastShown = 0;

/** On a terminal one line that changes; elsewhere a line now and then, so that a long run is seen to go on. */
function progress(text: string): void {
  if (process.stderr.isTTY) {
    process.stderr.write(`\r\x1b[K${text}`);
    return;
  }
  const now = performance.now();
  if (text === '' || now - lastShown < PROGRESS_MS) return;
  lastShown = now;
  process.stderr.write(`${text}\n`);
}

const PROGRESS_MS = 10_000;

main().catch((error: unknown) => {
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`bench: ${message}\n`);
  process.exitCode = 1;
});
