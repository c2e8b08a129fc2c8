/** `snapvm bench`: measures what this machine gives. */
import type { Engine } from '../engine/engine.js';
import type { FunctionHandle } from '../engine/function-handle.js';
import { defineCommand, unknownName } from './arguments.js';
import { BACKEND_FLAG, backendOption } from './backend-flag.js';
import { type Density, density, type Spread } from './density.js';
import { heading } from './help.js';
import { bytes, duration, print, printJson, rounded, table, thousands } from './output.js';
import { withEngine } from './session.js';

const DEFAULT_TENANTS = 1000;
const MAX_TENANTS = 100_000;
/** Workers keep no sandboxes: what functions take is measured, not what keeping them at hand takes. */
const NO_SANDBOXES = 0;
const KINDS = ['density'];

const FLAGS = {
  tenants: { value: 'n', help: `Functions to define (default ${thousands(DEFAULT_TENANTS)})` },
  ...BACKEND_FLAG,
  json: { help: 'Print one JSON object' },
} as const;

export const benchCommand = defineCommand({
  name: 'bench',
  summary:
    'Measures what this machine gives: "density" defines many small JavaScript functions on one runtime.',
  positionals: ['density'],
  offers: ['density'],
  flags: FLAGS,
  notes: `Reports the image bytes of the first function and of each further one, the memory of the process, and what
defining took. Each function is called once it is defined, to check it; its sandbox is closed again.

${heading('Examples')}
  snapvm bench density
  snapvm bench density --tenants 100 --json | jq .further.max`,
  run: async (args) => {
    const kind = args.positional(0);
    if (!KINDS.includes(kind)) throw unknownName('there is no bench', kind, KINDS);
    const tenants = args.whole('tenants', 1, MAX_TENANTS) ?? DEFAULT_TENANTS;
    const measured = await withEngine(
      { ...backendOption(args), workers: 1, residentBytes: NO_SANDBOXES },
      (engine) =>
        density(engine, { tenants, define: defineTenant, progress: (done) => showProgress(done, tenants) }),
    );
    if (args.has('json')) await printJson(withRounded(measured));
    else await print(describe(measured));
    return 0;
  },
});

/** A small module such as a tenant has: a table, a helper, a handler. */
export function tenantModule(tenant: number): string {
  return `const prices = new Map([['apple', ${tenant + 1}], ['pear', ${tenant * 2 + 1}], ['fig', ${tenant * 3 + 1}]]);
const format = (cents) => (cents / 100).toFixed(2) + ' EUR of tenant ${tenant}';
export default ({ fruit, count }) => {
  if (!prices.has(fruit)) throw new RangeError('tenant ${tenant} has no ' + fruit);
  return format(prices.get(fruit) * count);
};
`;
}

export async function defineTenant(
  engine: Engine,
  tenant: number,
): Promise<Pick<FunctionHandle, 'snapshotBytes'>> {
  const handle = await engine.define(`tenant-${tenant}`, { js: tenantModule(tenant) });
  const answer: unknown = await handle.call({ fruit: 'fig', count: 2 });
  const expected = `${(((tenant * 3 + 1) * 2) / 100).toFixed(2)} EUR of tenant ${tenant}`;
  if (answer !== expected) throw new Error(`tenant ${tenant} answered ${String(answer)}, not ${expected}`);
  return handle;
}

function showProgress(done: number, of: number): void {
  if (!process.stderr.isTTY) return;
  process.stderr.write(done === of ? '\r\x1b[K' : `\r\x1b[K${done} of ${of}`);
}

function describe({ tenants, first, further, total, rss, defineMs }: Density): string {
  const row = (what: string, spread: Spread, show: (value: number) => string): string[] => [
    `  ${what}`,
    ...[spread.median, spread.min, spread.max].map(show),
  ];
  return `${heading(`${thousands(tenants)} JavaScript functions on one runtime`)}

  image bytes   ${bytes(first.shared)} of the runtime, ${bytes(first.own)} of the first function, ${bytes(total)} of all
  memory (RSS)  ${bytes(rss.before)} before, ${bytes(rss.first)} with the first, ${bytes(rss.last)} with all
  first define  ${duration(defineMs.first)}, the runtime included

${table(
  [
    ['  each further function', 'median', 'least', 'most'],
    row('image bytes', further, bytes),
    row('define', defineMs.further, duration),
  ],
  [1, 2, 3],
)}
`;
}

function withRounded({ defineMs, further, ...rest }: Density): object {
  const { first, further: times } = defineMs;
  return {
    ...rest,
    further: roundedSpread(further),
    defineMs: { first: rounded(first), further: roundedSpread(times) },
  };
}

function roundedSpread({ min, median, mean, max }: Spread): Spread {
  return { min: rounded(min), median: rounded(median), mean: rounded(mean), max: rounded(max) };
}
