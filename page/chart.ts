/** The chart of calls per second. */

import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { byId } from './dom.ts';
import { shortNumber } from './format.ts';
import type { Series } from './rates.ts';

const HEIGHT = 160;
const WINDOW_SECONDS = 120;

export class Chart {
  readonly #element = byId('chart', HTMLDivElement);
  #plot: uPlot | undefined;
  #series: Series = { times: [], rates: [] };

  constructor() {
    this.#element.setAttribute('role', 'img');
    new ResizeObserver(() => this.#resize()).observe(this.#element);
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.#draw());
    this.#draw();
  }

  show(name: string | undefined, series: Series): void {
    this.#series = series;
    const now = series.rates.at(-1) ?? 0;
    const label =
      name === undefined ? 'No function is chosen' : `Calls per second of ${name}: ${shortNumber(now)}`;
    this.#element.setAttribute('aria-label', label);
    this.#plot?.setData([series.times, series.rates]);
  }

  #resize(): void {
    this.#plot?.setSize({ width: Math.max(1, this.#element.clientWidth), height: HEIGHT });
  }

  /** Draws it anew, in the colours of now. */
  #draw(): void {
    this.#plot?.destroy();
    const colours = getComputedStyle(document.documentElement);
    const [soft, line, accent] = ['--soft', '--line', '--accent'].map((name) =>
      colours.getPropertyValue(name),
    ) as [string, string, string];
    const axis = { stroke: soft, grid: { stroke: line, width: 1 }, ticks: { stroke: line, width: 1 } };
    this.#plot = new uPlot(
      {
        width: Math.max(1, this.#element.clientWidth),
        height: HEIGHT,
        legend: { show: false },
        cursor: { show: false },
        scales: {
          x: { range: () => [Date.now() / 1000 - WINDOW_SECONDS, Date.now() / 1000] },
          y: { range: (_plot, _least, most) => [0, Math.max(1, (most ?? 0) * 1.1)] },
        },
        axes: [axis, { ...axis, size: 48 }],
        series: [{}, { stroke: accent, width: 2, points: { show: false } }],
      },
      [this.#series.times, this.#series.rates],
      this.#element,
    );
  }
}
