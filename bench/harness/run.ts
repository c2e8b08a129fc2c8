/** Measures suites: each variant in a process of its own, their rounds in turn with those of the floor. */
import { type FloorOptions, type FloorResult, hasFloor, runFloor } from '../floor/floor.js';
import { NotMeasured, VariantProcess } from './process.js';
import { median, round } from './statistics.js';
import type { Figures, Suite, Variant } from './suite.js';

/** How much is measured. */
export interface Plan {
  readonly rounds: number;
  /** Milliseconds of each round of each variant. */
  readonly budgetMs: number;
  /** Leaves out what takes long. */
  readonly quick: boolean;
  readonly progress: (text: string) => void;
}

/** A figure over the rounds. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

export interface Measured {
  readonly figures: Readonly<Record<string, Spread>>;
  /** How it was done. */
  readonly note?: string;
  /** The suite's figure over the floor's: of neighbouring rounds. */
  readonly ratio?: Spread;
  readonly floor?: FloorResult;
  /** Of each round, to compare variants round by round. */
  readonly rounds: readonly Figures[];
  /** Of each round. */
  readonly floors: readonly FloorResult[];
}

export type VariantResult = Measured | { readonly skipped: string };

export interface SuiteResult {
  readonly suite: Suite;
  /** By name, in the suite's order. */
  readonly variants: ReadonlyMap<string, VariantResult>;
}

/** Until V8 has compiled what runs, and pages that are written are known. */
const WARM_UP_MS = 400;

/** @throws Error when a variant breaks */
export async function runSuite(suite: Suite, plan: Plan): Promise<SuiteResult> {
  const results = new Map<string, VariantResult>();
  await suite.prepare?.(plan.progress);
  const variants = suite.variants().filter(({ slow }) => !(slow && plan.quick));
  for (const name of new Set(variants.map(({ group }) => group))) {
    const group = variants.filter((variant) => variant.group === name);
    for (const [variant, result] of await runGroup(suite, group, plan)) results.set(variant, result);
  }
  return { suite, variants: results };
}

async function runGroup(
  suite: Suite,
  variants: readonly Variant[],
  plan: Plan,
): Promise<Map<string, VariantResult>> {
  const results = new Map<string, VariantResult>(variants.map(({ name }) => [name, { skipped: '' }]));
  const open: VariantProcess[] = [];
  try {
    for (const variant of variants) {
      plan.progress(`${suite.name}: ${variant.name}`);
      try {
        open.push(await VariantProcess.open(suite.name, variant));
      } catch (error) {
        if (!(error instanceof NotMeasured)) throw error;
        results.set(variant.name, { skipped: error.message });
      }
    }
    const taken = open.map((child) => new Rounds(suite, child));
    for (const rounds of taken) await rounds.warmUp((suite.warmUpMs ?? WARM_UP_MS) / (plan.quick ? 2 : 1));
    for (let i = 0; i < plan.rounds; i++) {
      for (const rounds of taken) {
        plan.progress(`${suite.name}: ${rounds.name}, round ${i + 1} of ${plan.rounds}`);
        await rounds.take(plan.budgetMs);
      }
    }
    for (const rounds of taken) results.set(rounds.name, rounds.result());
    for (const child of open.splice(0)) await child.close();
    return results;
  } finally {
    for (const child of open) child.kill(); // only what an error left
  }
}

/** Rounds of one variant, and those of the floor before each. */
class Rounds {
  readonly #rounds: Figures[] = [];
  readonly #floors: FloorResult[] = [];
  #floor: FloorOptions | undefined;

  constructor(
    readonly suite: Suite,
    readonly child: VariantProcess,
  ) {}

  get name(): string {
    return this.child.variant.name;
  }

  /** What it finds decides which floor it is compared with. */
  async warmUp(budgetMs: number): Promise<void> {
    const figures = await this.child.round(budgetMs);
    if (await hasFloor()) this.#floor = this.child.variant.floor?.(figures);
  }

  async take(budgetMs: number): Promise<void> {
    if (this.#floor !== undefined) this.#floors.push(await runFloor(this.#floor));
    const { runInMs } = this.suite;
    if (runInMs !== undefined) await this.child.round(runInMs);
    this.#rounds.push(await this.child.round(budgetMs));
  }

  result(): Measured {
    const names = Object.keys(this.#rounds[0] ?? {});
    const figures = Object.fromEntries(
      names.map((name) => [name, spread(this.#rounds.map((figures) => figures[name] ?? Number.NaN))]),
    );
    const { over, figure } = this.suite;
    const note = this.child.variant.note?.();
    const rounds = { rounds: this.#rounds, floors: this.#floors, ...(note !== undefined && { note }) };
    const [first] = this.#floors;
    if (over === undefined || first === undefined) return { figures, ...rounds };
    // What the engine adds: a number that does not shrink where the floor is lower.
    const own =
      over === 'invoke_us'
        ? this.#rounds.map((mine, i) => (mine[figure] ?? Number.NaN) - (this.#floors[i]?.exit_us ?? 0))
        : undefined;
    const ratios = this.#rounds.map(
      (mine, i) => (mine[figure] ?? Number.NaN) / (this.#floors[i]?.[over] ?? 0),
    );
    const all = own === undefined ? figures : { ...figures, own_us: spread(own) };
    return { figures: all, ratio: spread(ratios, 3), floor: medianFloor(this.#floors, first), ...rounds };
  }
}

export function spread(values: readonly number[], digits = 2): Spread {
  return {
    median: round(median(values), digits),
    min: round(Math.min(...values), digits),
    max: round(Math.max(...values), digits),
  };
}

function medianFloor(floors: readonly FloorResult[], { threads, pages, runs }: FloorOptions): FloorResult {
  const of = (name: keyof FloorResult): number => round(median(floors.map((floor) => floor[name])));
  return {
    threads,
    pages,
    runs,
    create_us: of('create_us'),
    exit_us: of('exit_us'),
    restore_us: of('restore_us'),
    invoke_us: of('invoke_us'),
    invokes_per_s: of('invokes_per_s'),
  };
}
