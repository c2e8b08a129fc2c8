/** What tenants are about to have: of deployments at one time, each sees the others. */

import type { Usage } from './model.js';

const NONE: Usage = { functions: 0, bytes: 0 };

/** Counts what is on its way to the disk. */
export class Reservations {
  readonly #tenants = new Map<string, Usage>();

  of(tenant: string): Usage {
    return this.#tenants.get(tenant) ?? NONE;
  }

  /** @returns what undoes it */
  add(tenant: string, more: Usage): () => void {
    this.#change(tenant, more, 1);
    return () => this.#change(tenant, more, -1);
  }

  #change(tenant: string, more: Usage, sign: 1 | -1): void {
    const { functions, bytes } = this.of(tenant);
    const usage = { functions: functions + sign * more.functions, bytes: bytes + sign * more.bytes };
    if (usage.functions === 0 && usage.bytes === 0) this.#tenants.delete(tenant);
    else this.#tenants.set(tenant, usage);
  }
}
