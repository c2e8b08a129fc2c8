/** A histogram of Prometheus, quick to record into: prom-client's takes a microsecond for each value. */

export class Tally {
  readonly #bounds: readonly number[];
  readonly #counts: Float64Array;
  #count = 0;
  #sum = 0;

  /** `bounds` ascend; a value is counted at the first bound that it does not exceed. */
  constructor(bounds: readonly number[]) {
    this.#bounds = bounds;
    this.#counts = new Float64Array(bounds.length);
  }

  record(value: number): void {
    const bounds = this.#bounds;
    let at = 0;
    while (at < bounds.length && value > (bounds[at] as number)) at++;
    if (at < bounds.length) this.#counts[at] = (this.#counts[at] as number) + 1;
    this.#count += 1;
    this.#sum += value;
  }

  /** Its lines in Prometheus' text format. `unit` is what one of the family is, in what was recorded. */
  text(name: string, labels: string, unit: number): string {
    let text = '';
    let count = 0;
    for (const [at, bound] of this.#bounds.entries()) {
      count += this.#counts[at] as number;
      text += `${name}_bucket{le="${bound / unit}",${labels}} ${count}\n`;
    }
    return (
      `${text}${name}_bucket{le="+Inf",${labels}} ${this.#count}\n` +
      `${name}_sum{${labels}} ${this.#sum / unit}\n${name}_count{${labels}} ${this.#count}\n`
    );
  }
}
