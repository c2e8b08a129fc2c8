/** How calls ended, by kind, and what nobody expected. */

const KEPT = 20;
/** Of one kind: the same thing a thousand times must not hide another. */
const KEPT_ALIKE = 2;

export class Tally {
  readonly #outcomes = new Map<string, Map<string, number>>();
  readonly #surprises: string[] = [];
  readonly #alike = new Map<string, number>();
  readonly #surprised: (what: string) => void;
  #surpriseCount = 0;
  #calls = 0;

  /** `surprised` is told of each of the first unexpected things. */
  constructor(surprised: (what: string) => void) {
    this.#surprised = surprised;
  }

  get calls(): number {
    return this.#calls;
  }

  /** How often something unexpected happened, and the first of it. */
  get unexpected(): { readonly count: number; readonly first: readonly string[] } {
    return { count: this.#surpriseCount, first: this.#surprises };
  }

  /** A call, or something else that is counted, has ended. */
  ended(kind: string, outcome: string): void {
    this.#calls += 1;
    let outcomes = this.#outcomes.get(kind);
    if (outcomes === undefined) {
      outcomes = new Map();
      this.#outcomes.set(kind, outcomes);
    }
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  }

  surprise(what: string): void {
    this.#surpriseCount += 1;
    const like = what.split('\n', 1)[0]?.replace(/\d+/g, 'N') ?? '';
    const alike = (this.#alike.get(like) ?? 0) + 1;
    this.#alike.set(like, alike);
    if (alike > KEPT_ALIKE || this.#surprises.length >= KEPT) return;
    this.#surprises.push(what);
    this.#surprised(what);
  }

  /** How often that outcome was, of one kind or of all. */
  count(outcome: string, kind?: string): number {
    const kinds = kind === undefined ? this.#outcomes.values() : [this.#outcomes.get(kind)];
    let sum = 0;
    for (const outcomes of kinds) sum += outcomes?.get(outcome) ?? 0;
    return sum;
  }

  /** kind → outcome → how often. */
  toJSON(): Record<string, Record<string, number>> {
    return Object.fromEntries([...this.#outcomes].map(([kind, of]) => [kind, Object.fromEntries(of)]));
  }
}
