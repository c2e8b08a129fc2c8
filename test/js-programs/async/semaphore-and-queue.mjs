// A semaphore, a mutex and a bounded channel made of promises only.
class Semaphore {
  #free;
  #wait = [];
  constructor(n) {
    this.#free = n;
  }
  async acquire() {
    if (this.#free > 0) this.#free--;
    else await new Promise((r) => this.#wait.push(r));
  }
  release() {
    const w = this.#wait.shift();
    if (w) w();
    else this.#free++;
  }
  async use(f) {
    await this.acquire();
    try {
      return await f();
    } finally {
      this.release();
    }
  }
}
class Channel {
  #buf = [];
  #takers = [];
  #putters = [];
  #closed = false;
  constructor(cap) {
    this.cap = cap;
  }
  async put(v) {
    const t = this.#takers.shift();
    if (t) return void t({ value: v, done: false });
    if (this.#buf.length >= this.cap) await new Promise((r) => this.#putters.push(r));
    this.#buf.push(v);
  }
  async take() {
    if (this.#buf.length) {
      const value = this.#buf.shift();
      this.#putters.shift()?.();
      return { value, done: false };
    }
    if (this.#closed) return { value: undefined, done: true };
    return new Promise((r) => this.#takers.push(r));
  }
  close() {
    this.#closed = true;
    for (const t of this.#takers) t({ value: undefined, done: true });
  }
  [Symbol.asyncIterator]() {
    return { next: () => this.take() };
  }
}
const ticks = async (n) => {
  while (n--) await null;
};
export default async () => {
  const log = [];
  let running = 0,
    peak = 0;
  const sem = new Semaphore(2);
  const results = await Promise.all(
    [5, 1, 3, 2, 4].map((n) =>
      sem.use(async () => {
        peak = Math.max(peak, ++running);
        await ticks(n);
        running--;
        log.push(n);
        return n * n;
      }),
    ),
  );
  const failing = await sem
    .use(async () => {
      throw new Error('in section');
    })
    .catch((e) => e.message);
  const ch = new Channel(2);
  const seen = [];
  const consumer = (async () => {
    for await (const v of ch) {
      seen.push(v);
      await ticks(3);
    }
    return 'closed';
  })();
  for (let i = 0; i < 6; i++) await ch.put(i);
  await ticks(40);
  ch.close();
  return { results, peak, running, log, failing, seen, end: await consumer };
};
