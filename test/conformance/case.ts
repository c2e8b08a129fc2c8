/** What a backend must do, as named cases: their shape. They are shipped, so nothing here needs a test framework. */
import type { Backend } from '../../src/base/backend-name.js';
import type { Context } from './context.js';

/** What a case is about; each has a file of its own. */
export const AREAS = [
  'snapshots',
  'entry',
  'exits',
  'faults',
  'permissions',
  'restore',
  'last-act',
  'limits',
  'stop',
  'host-functions',
  'linux',
  'javascript',
  'layers',
  'supervisor',
] as const;

/** One of them. */
export type Area = (typeof AREAS)[number];

/** One thing that every backend does. */
export interface Case {
  /** What must hold, in words; unique. */
  readonly name: string;
  readonly area: Area;
  /** Backends that cannot meet it, each with the reason; docs/backends.md says the same. */
  readonly unsupported?: Partial<Record<Backend, string>>;
  /** Throws when it does not hold. */
  run(context: Context): Promise<void>;
}

type Run = Case['run'];

/** Gathers the cases of an area. */
export class Cases {
  readonly all: Case[] = [];
  readonly #area: Area;
  readonly #unsupported: Case['unsupported'];

  constructor(area: Area, unsupported?: Case['unsupported']) {
    this.#area = area;
    this.#unsupported = unsupported;
  }

  /** @param unsupported Of this case, in place of the area's. */
  add(name: string, run: Run, unsupported = this.#unsupported): void {
    this.all.push({ name, area: this.#area, run, ...(unsupported !== undefined && { unsupported }) });
  }
}
