/** The report with charts: one file without scripts, that needs nothing else. */
import { installPeers, requirePeer } from '../peers/install.js';
import { type Report, show } from './report.js';
import type { Measured, SuiteResult } from './run.js';
import type { Suite } from './suite.js';

/** What is used of echarts. */
interface Charts {
  init(
    element: null,
    theme: null,
    options: { renderer: 'svg'; ssr: true; width: number; height: number },
  ): { setOption(option: object): void; renderToSVGString(): string; dispose(): void };
}

const WIDTH = 900;
const ROW_HEIGHT = 26;
const AROUND_HEIGHT = 70;
/** From here on a linear axis would show nothing of the smaller bars. */
const LOGARITHMIC = 50;

/** @throws Error when the library that draws cannot be installed */
export async function html(results: readonly SuiteResult[], report: Report): Promise<string> {
  const installed = await installPeers((text) => process.stderr.write(`${text}\n`));
  if (!installed.ok)
    throw new Error(`--html needs echarts, which could not be installed: ${installed.reason}`);
  const charts = requirePeer('echarts') as Charts;
  const { cpu, cpus, kernel, node, backend } = report.machine;
  const sections = results.map((result) => section(charts, result));
  const ratios = Object.entries(report.ratios).map(([key, value]) => row([key, show(value)]));
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>snapvm: benchmarks</title>
<style>
  body { font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #222; }
  table { border-collapse: collapse; margin: 1rem 0; font-variant-numeric: tabular-nums; display: block; overflow-x: auto; }
  td, th { padding: 0.15rem 0.75rem; border-bottom: 1px solid #ddd; text-align: right; white-space: nowrap; }
  td:first-child, th:first-child { text-align: left; }
  svg { max-width: 100%; height: auto; }
</style>
<h1>snapvm: benchmarks</h1>
<p>${escaped(`${cpu}, ${cpus} CPUs, Linux ${kernel}, Node ${node}, backend ${backend}`)}. Bars are medians over the rounds, whiskers the least
and the most.</p>
<h2>Ratios</h2>
<table>${ratios.join('\n')}</table>
${sections.join('\n')}
</html>
`;
}

function section(charts: Charts, { suite, variants }: SuiteResult): string {
  const measured = [...variants].filter((entry): entry is [string, Measured] => !('skipped' in entry[1]));
  const skipped = [...variants].flatMap(([name, result]) =>
    'skipped' in result ? [{ name, ...result }] : [],
  );
  const columns = [suite.figure, ...suite.beside].filter((name) =>
    measured.some(([, { figures }]) => name in figures),
  );
  const hasRatio = measured.some(([, { ratio }]) => ratio !== undefined);
  const head = ['', ...columns, ...(hasRatio ? [`over the floor's ${suite.over}`] : [])];
  const rows = measured.map(([name, { figures, ratio }]) =>
    row([
      name,
      ...columns.map((column) => show(figures[column]?.median)),
      ...(hasRatio ? [show(ratio?.median)] : []),
    ]),
  );
  return `<h2>${escaped(suite.name)}</h2>
<p>${escaped(suite.title)}</p>
${groups(suite, measured)
  .map((group) => draw(charts, suite, group))
  .join('\n')}
<table>${row(head, 'th')}
${rows.join('\n')}</table>
${measured.map(([, { note }]) => (note === undefined ? '' : `<p>${escaped(note)}.</p>`)).join('\n')}
${skipped.map(({ name, skipped: why }) => `<p>${escaped(`${name}: not measured, ${why}`)}</p>`).join('\n')}`;
}

/** What was measured in turn is compared in one chart. */
function groups(suite: Suite, measured: readonly [string, Measured][]): [string, Measured][][] {
  const groupOf = new Map(suite.variants().map(({ name, group }) => [name, group]));
  const byGroup = new Map<string | undefined, [string, Measured][]>();
  for (const [name, result] of measured) {
    const group = byGroup.get(groupOf.get(name)) ?? [];
    byGroup.set(groupOf.get(name), [...group, [name, result]]);
  }
  return [...byGroup.values()];
}

function draw(charts: Charts, suite: Suite, measured: readonly [string, Measured][]): string {
  const bars = measured.map(([name, { figures }]) => ({ name, ...figures[suite.figure] }));
  const values = bars.map(({ median = 0 }) => median);
  const logarithmic = Math.max(...values) > LOGARITHMIC * Math.min(...values) && Math.min(...values) > 0;
  const chart = charts.init(null, null, {
    renderer: 'svg',
    ssr: true,
    width: WIDTH,
    height: AROUND_HEIGHT + ROW_HEIGHT * bars.length,
  });
  chart.setOption({
    animation: false,
    grid: { left: 40, right: 90, top: 8, bottom: 36, containLabel: true },
    xAxis: {
      type: logarithmic ? 'log' : 'value',
      name: suite.figure.replaceAll('_', ' '),
      nameLocation: 'middle',
      nameGap: 24,
    },
    yAxis: { type: 'category', inverse: true, data: bars.map(({ name }) => name) },
    series: [
      {
        type: 'bar',
        barWidth: '60%',
        itemStyle: { color: '#88aacc' },
        data: values,
        label: { show: true, position: 'right', formatter: ({ value }: { value: number }) => show(value) },
      },
      {
        type: 'custom',
        data: bars.map(({ min = 0, max = 0 }, at) => [min, max, at]),
        encode: { x: [0, 1], y: 2 },
        z: 3,
        renderItem: whisker,
      },
    ],
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return svg;
}

/** What echarts hands to a custom series. */
interface Drawing {
  value(index: number): number;
  coord(point: readonly [number, number]): readonly [number, number];
}

function whisker(_parameters: unknown, drawing: Drawing): object {
  const at = drawing.value(2);
  const [left, y] = drawing.coord([drawing.value(0), at]);
  const [right] = drawing.coord([drawing.value(1), at]);
  return {
    type: 'line',
    shape: { x1: left, y1: y, x2: right, y2: y },
    style: { stroke: '#334455', lineWidth: 2 },
  };
}

function row(cells: readonly string[], tag = 'td'): string {
  return `<tr>${cells.map((cell) => `<${tag}>${escaped(cell)}</${tag}>`).join('')}</tr>`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
