/** What a benchmark is made of. */
import type { FloorOptions } from '../floor/floor.js';

/** What one round measured, by name: `p50_us`, `calls_per_s` and the like. */
export type Figures = Readonly<Record<string, number>>;

/** What is measured, in a process of its own. */
export interface Subject {
  /** Measures for about so many milliseconds. The first round is thrown away: it warms up. */
  round(budgetMs: number): Figures | Promise<Figures>;
  close(): void | Promise<void>;
}

/** One way to do what a suite measures. */
export interface Variant {
  /** Unique in its suite. */
  readonly name: string;
  /** Node's own flags for its process. */
  readonly execArgv?: readonly string[];
  /** Left out of a quick run. */
  readonly slow?: boolean;
  /** How it is done, for the report. */
  note?(): string;
  /** Variants of one group are measured in turn, round by round. @default all of a suite */
  readonly group?: string;
  /** The floor it is compared with, given what its last round measured; run right before each of its rounds. */
  floor?(figures: Figures): FloorOptions;
  /** @throws Skip when it cannot be measured here */
  open(): Promise<Subject>;
}

export interface Suite {
  readonly name: string;
  /** What is measured, in a line. */
  readonly title: string;
  /** The figure that counts, and that is compared with the floor. */
  readonly figure: string;
  /** Figure of the floor that it is divided by. */
  readonly over?: 'invoke_us' | 'invokes_per_s';
  /** Figures shown beside it. */
  readonly beside: readonly string[];
  /** Milliseconds of the first round of each variant, which is thrown away; half of it in a quick run. @default 400 */
  readonly warmUpMs?: number;
  /** Milliseconds at the start of each round that do not count: a process that has slept is slow at first. @default 0 */
  readonly runInMs?: number;
  /** Once, before its variants are opened. */
  prepare?(progress: (text: string) => void): Promise<void>;
  variants(): readonly Variant[];
}

/** Thrown by `open`: why a variant cannot be measured on this machine. */
export class Skip extends Error {}
