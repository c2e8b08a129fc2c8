/** What a run has measured, as JSON and as tables for people. */
import { cpus, release } from 'node:os';
import { ratios } from './ratios.js';
import type { Measured, SuiteResult, VariantResult } from './run.js';

export interface Machine {
  readonly cpu: string;
  readonly cpus: number;
  /** What ran the guests, where a suite does not say. */
  readonly backend: string;
  readonly kernel: string;
  readonly node: string;
}

export interface Report {
  readonly ratios: Readonly<Record<string, number>>;
  readonly suites: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly machine: Machine;
}

function machine(): Machine {
  return {
    cpu: cpus()[0]?.model ?? 'unknown',
    cpus: cpus().length,
    backend: process.env['SNAPVM_BACKEND'] ?? 'auto',
    kernel: release(),
    node: process.version,
  };
}

export function report(results: readonly SuiteResult[]): Report {
  const bySuite = new Map(results.map((result) => [result.suite.name, result]));
  const suites = results.map(({ suite, variants }) => [
    suite.name,
    Object.fromEntries([...variants].map(([name, result]) => [name, withoutRounds(result)])),
  ]);
  return { ratios: ratios(bySuite), suites: Object.fromEntries(suites), machine: machine() };
}

function withoutRounds(result: VariantResult): object {
  if ('skipped' in result) return result;
  const { figures, ratio, floor, note } = result;
  return { ...figures, ...(note !== undefined && { note }), ...(ratio !== undefined && { ratio, floor }) };
}

/** A table for each suite, and the ratios. */
export function describe(results: readonly SuiteResult[], made: Report): string {
  const { cpu, cpus, kernel, node, backend } = made.machine;
  const ratioRows = Object.entries(made.ratios).map(([key, value]) => [key, show(value)]);
  return [
    `${cpu}, ${cpus} CPUs, Linux ${kernel}, Node ${node}, backend ${backend}`,
    ...results.map(describeSuite),
    ...(ratioRows.length > 0 ? [`ratios\n${table(ratioRows)}`] : []),
  ].join('\n\n');
}

function describeSuite({ suite, variants }: SuiteResult): string {
  const measured = [...variants.values()].filter((result): result is Measured => !('skipped' in result));
  const columns = [suite.figure, ...suite.beside].filter((name) =>
    measured.some(({ figures }) => name in figures),
  );
  const hasRatio = measured.some(({ ratio }) => ratio !== undefined);
  const head = ['', ...columns, 'rounds', ...(hasRatio ? [`floor ${suite.over}`, 'ratio', 'rounds'] : [])];
  const rows = [...variants].map(([name, result]) => {
    if ('skipped' in result) return [name, `not measured: ${result.skipped}`];
    const { figures, ratio, floor } = result;
    const main = figures[suite.figure];
    return [
      name,
      ...columns.map((column) => show(figures[column]?.median)),
      `${show(main?.min)}–${show(main?.max)}`,
      ...(hasRatio && suite.over !== undefined
        ? [show(floor?.[suite.over]), show(ratio?.median), `${show(ratio?.min)}–${show(ratio?.max)}`]
        : []),
    ];
  });
  return `${suite.name}: ${suite.title}\n${table([head, ...rows])}`;
}

/** Three digits that mean something. */
export function show(value: number | undefined): string {
  if (value === undefined || Number.isNaN(value)) return '';
  if (Math.abs(value) >= 1000) return Math.round(value).toLocaleString('en-US');
  return `${Number(value.toPrecision(3))}`;
}

function table(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows) {
    if (row.length === 2 && row[1]?.startsWith('not measured')) continue;
    for (const [at, cell] of row.entries()) widths[at] = Math.max(widths[at] ?? 0, cell.length);
  }
  const cell = (text: string, at: number): string =>
    at === 0 ? text.padEnd(widths[at] ?? 0) : text.padStart(widths[at] ?? 0);
  return rows.map((row) => `  ${row.map(cell).join('  ')}`.trimEnd()).join('\n');
}
