/** `snapvm bench density`: what a thousand functions on one runtime take. */
import { defineCommand, UsageError } from './arguments.js';
import { type Density, density } from './density.js';
import { heading } from './help.js';
import { bytes, duration, print, printJson, table, thousands } from './output.js';
import { withEngine } from './session.js';

const FLAGS = {
  tenants: { value: 'n', help: 'How many functions, each with its own module (default 1000)' },
  json: { help: 'Print one JSON object: sizes in bytes, times in milliseconds' },
} as const;

const DEFAULT_TENANTS = 1000;
const MOST_TENANTS = 100_000;

export const benchCommand = defineCommand({
  name: 'bench',
  summary: 'Measures this machine: "density" defines many JavaScript functions and tells what each takes.',
  positionals: ['suite'],
  flags: FLAGS,
  notes: `${heading('Example')}
  snapvm bench density --tenants 100`,
  run: async (args) => {
    const suite = args.positional(0);
    if (suite !== 'density')
      throw new UsageError(`there is no suite ${JSON.stringify(suite)}; there is "density"`);
    const tenants = args.whole('tenants', 1, MOST_TENANTS) ?? DEFAULT_TENANTS;
    const report = await withEngine({ workers: 1 }, (engine) =>
      density(engine, { tenants, define: defineTenant, progress: progressOf(tenants) }),
    );
    if (args.has('json')) await printJson(report);
    else await print(describe(report));
    return 0;
  },
});

type Define = Parameters<typeof density>[1]['define'];

/** A small module that nobody else has. */
export const defineTenant: Define = (engine, tenant) =>
  engine.define(`tenant ${tenant}`, {
    js: `const tenant = ${tenant};
const greeting = 'Hello from tenant ' + tenant;
export default ({ name }) => ({ text: \`\${greeting}, \${name}\`, tenant });
`,
  });

function progressOf(tenants: number): (defined: number) => void {
  if (process.stderr.isTTY !== true) return () => {};
  return (defined) => {
    if (defined % 10 !== 0 && defined !== tenants) return;
    process.stderr.write(`\r\x1b[K${defined === tenants ? '' : `${defined} of ${tenants} defined`}`);
  };
}

function describe({ tenants, first, further, total, rss, defineMs }: Density): string {
  const rows = [
    ['the runtime, shared by all', bytes(first.shared)],
    ['the first function', bytes(first.own)],
    ['each further one, median', bytes(further.median)],
    ['  least, most', `${bytes(further.min)}, ${bytes(further.max)}`],
    ['all together', bytes(total)],
    ['resident memory of the process', `${bytes(rss.before)} before, ${bytes(rss.last)} after`],
    ['defining the first, with the runtime', duration(defineMs.first)],
    ['defining each further one, median', duration(defineMs.further.median)],
  ];
  return `${thousands(tenants)} JavaScript functions on one runtime\n${table(rows)}\n`;
}
