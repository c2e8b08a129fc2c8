/**
 * Sub-buckets of each power of two: a percentile is at most 1/32 off, since it is given as a bucket's middle.
 */
const PARTS = 16;
const PART_BITS = 4;
/** Values from 2 to this power on share the last bucket: as microseconds, 19 hours. */
const MOST_BITS = 36;
const BUCKETS = (MOST_BITS - PART_BITS + 1) * PARTS;

/**
 * How whole numbers are distributed, in buckets that grow with the numbers. Node's own (HdrHistogram) takes
 * 160 KB each, which is too much for three of every function; this takes 2 KB.
 */
export class Histogram {
  readonly #counts = new Uint32Array(BUCKETS);
  #count = 0;
  #sum = 0;
  #min = Number.POSITIVE_INFINITY;
  #max = 0;

  get count(): number {
    return this.#count;
  }

  get mean(): number {
    return this.#count === 0 ? 0 : this.#sum / this.#count;
  }

  get min(): number {
    return this.#count === 0 ? 0 : this.#min;
  }

  get max(): number {
    return this.#max;
  }

  record(value: number): void {
    const whole = Math.max(0, Math.round(value));
    const at = bucketOf(whole);
    this.#counts[at] = (this.#counts[at] as number) + 1;
    this.#count += 1;
    this.#sum += whole;
    this.#min = Math.min(this.#min, whole);
    this.#max = Math.max(this.#max, whole);
  }

  add(other: Histogram): void {
    for (let i = 0; i < BUCKETS; i++) {
      this.#counts[i] = (this.#counts[i] as number) + (other.#counts[i] as number);
    }
    this.#count += other.#count;
    this.#sum += other.#sum;
    this.#min = Math.min(this.#min, other.#min);
    this.#max = Math.max(this.#max, other.#max);
  }

  /** The value that this share (0 to 1) of the values does not exceed. */
  percentile(share: number): number {
    let left = Math.ceil(this.#count * share);
    for (let i = 0; i < BUCKETS; i++) {
      left -= this.#counts[i] as number;
      if (left <= 0) return Math.min(this.max, Math.max(this.min, middleOf(i)));
    }
    return this.max;
  }
}

/**
 * Numbers below PARTS have a bucket each; above, the bits behind the first say which part of its power of
 * two.
 */
function bucketOf(value: number): number {
  if (value < PARTS) return value;
  const bits = Math.min(Math.floor(Math.log2(value)), MOST_BITS - 1);
  const part = Math.min(PARTS - 1, Math.floor(value / 2 ** (bits - PART_BITS)) - PARTS);
  return (bits - PART_BITS + 1) * PARTS + part;
}

function middleOf(bucket: number): number {
  if (bucket < PARTS) return bucket;
  const bits = Math.floor(bucket / PARTS) + PART_BITS - 1;
  const width = 2 ** (bits - PART_BITS);
  return Math.floor((PARTS + (bucket % PARTS)) * width + width / 2);
}
