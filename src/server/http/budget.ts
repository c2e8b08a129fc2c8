/** What bodies of requests may hold. */

import { SnapvmError } from '../../base/errors.js';

/** How many bytes the bodies of all requests may hold at a time. */
export class BodyBudget {
  readonly #most: number;
  /** Of one tenant: where there are several, each leaves half to the others. */
  readonly #mostOfOne: number;
  readonly #tenants = new Map<string, number>();
  #held = 0;

  constructor(most: number, tenants: number) {
    this.#most = most;
    this.#mostOfOne = tenants > 1 ? most / 2 : most;
  }

  /** @throws SnapvmError `SNAPVM_HOST_MEMORY` */
  take(tenant: string, bytes: number): void {
    const held = (this.#tenants.get(tenant) ?? 0) + bytes;
    if (held > this.#mostOfOne) throw full('the tenant', this.#mostOfOne);
    if (this.#held + bytes > this.#most) throw full('all tenants', this.#most);
    this.#held += bytes;
    this.#tenants.set(tenant, held);
  }

  give(tenant: string, bytes: number): void {
    this.#held -= bytes;
    this.#tenants.set(tenant, (this.#tenants.get(tenant) ?? 0) - bytes);
  }
}

function full(whose: string, most: number): SnapvmError {
  return new SnapvmError(
    'SNAPVM_HOST_MEMORY',
    `the bodies of all requests of ${whose} may have ${most} bytes at a time, and have them; try again`,
  );
}
