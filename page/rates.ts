/** Calls per second, from counters that are read again and again. */

interface Reading {
  readonly calls: number;
  readonly ms: number;
}

/** Of one function: when, in seconds since 1970, and how many calls a second. */
export interface Series {
  readonly times: number[];
  readonly rates: number[];
}

/** Readings that are kept for the chart. */
const MOST_READINGS = 120;

export class Rates {
  readonly #last = new Map<string, Reading>();
  readonly #series = new Map<string, Series>();

  /** Takes the counter of a function. A server that began again counts from 0: that is no negative rate. */
  read(name: string, calls: number, ms: number): void {
    const last = this.#last.get(name);
    this.#last.set(name, { calls, ms });
    if (last === undefined || ms <= last.ms) return;
    const { times, rates } = this.series(name);
    times.push(ms / 1000);
    rates.push(Math.max(0, calls - last.calls) / ((ms - last.ms) / 1000));
    if (times.length > MOST_READINGS) {
      times.shift();
      rates.shift();
    }
  }

  /** `undefined` until it was read twice. */
  now(name: string): number | undefined {
    return this.#series.get(name)?.rates.at(-1);
  }

  series(name: string): Series {
    let series = this.#series.get(name);
    if (series === undefined) {
      series = { times: [], rates: [] };
      this.#series.set(name, series);
    }
    return series;
  }

  /** Forgets all functions but these. */
  keep(names: ReadonlySet<string>): void {
    for (const name of this.#last.keys()) {
      if (names.has(name)) continue;
      this.#last.delete(name);
      this.#series.delete(name);
    }
  }
}
