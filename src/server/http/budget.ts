/** What bodies of requests may hold. */

import { SnapvmError } from '../../base/errors.js';

/** How many bytes the bodies of all requests may hold at a time. */
export class BodyBudget {
  readonly #most: number;
  #held = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /** @throws SnapvmError `SNAPVM_HOST_MEMORY` */
  take(bytes: number): void {
    if (this.#held + bytes > this.#most)
      throw new SnapvmError(
        'SNAPVM_HOST_MEMORY',
        `the bodies of all requests may have ${this.#most} bytes at a time, and have them; try again`,
      );
    this.#held += bytes;
  }

  give(bytes: number): void {
    this.#held -= bytes;
  }
}
