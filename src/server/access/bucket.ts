/** A token bucket: so many a second, and after a rest what one second gives at once. */

const MS_PER_SECOND = 1000;

export class Bucket {
  readonly #perMs: number;
  readonly #most: number;
  #left: number;
  #atMs: number;

  /** It is full at `nowMs`. It holds what a second gives, and at least one. */
  constructor(perSecond: number, nowMs: number) {
    this.#perMs = perSecond / MS_PER_SECOND;
    this.#most = Math.max(1, perSecond);
    this.#left = this.#most;
    this.#atMs = nowMs;
  }

  /** Takes one; or else gives the milliseconds until there is one, which are more than 0. */
  take(nowMs: number): number {
    if (nowMs > this.#atMs) {
      this.#left = Math.min(this.#most, this.#left + (nowMs - this.#atMs) * this.#perMs);
      this.#atMs = nowMs;
    }
    if (this.#left < 1) return (1 - this.#left) / this.#perMs;
    this.#left -= 1;
    return 0;
  }
}
