// Async iterators by hand: rejections, return, sync fallbacks, values that are promises.
export default async () => {
  const log = [];
  const mk = (o) => ({ [Symbol.asyncIterator]: () => o });
  const tryIt = async (f) => {
    try {
      return await f();
    } catch (e) {
      return typeof e === 'string' ? e : e.name;
    }
  };
  const loop = async (it, body = () => {}) => {
    const out = [];
    for await (const x of it) {
      out.push(x);
      if (body(x) === 'stop') break;
    }
    return out;
  };
  let i = 0;
  const counter = () => {
    i = 0;
    return mk({
      next: async () => ({ value: i++, done: i > 3 }),
      return: async (v) => {
        log.push(`return ${v}`);
        return { done: true };
      },
    });
  };
  return {
    plain: await loop(counter()),
    stop: await loop(counter(), (x) => (x === 1 ? 'stop' : '')),
    thrown: await tryIt(() =>
      loop(counter(), () => {
        throw 'body';
      }),
    ),
    log,
    bad: [
      await tryIt(() => loop(mk({ next: () => 5 }))),
      await tryIt(() => loop(mk({ next: () => Promise.reject('rejected') }))),
      await tryIt(() => loop(mk(null))),
      await tryIt(() => loop({ [Symbol.asyncIterator]: 1 })),
      await tryIt(() => loop(mk({ next: async () => ({ value: 1 }), return: async () => 5 }), () => 'stop')),
    ],
    syncNext: await loop(
      mk({
        k: 0,
        next() {
          return { value: this.k, done: this.k++ > 1 };
        },
      }),
    ),
    valuePromise: await (async () => {
      for await (const x of mk({
        n: 0,
        next() {
          return { value: Promise.resolve('raw'), done: this.n++ > 0 };
        },
      }))
        return x instanceof Promise;
    })(),
    nullAsync: await loop({
      [Symbol.asyncIterator]: null,
      *[Symbol.iterator]() {
        yield Promise.resolve('fallback');
      },
    }),
    both: await loop({
      async *[Symbol.asyncIterator]() {
        yield 'async wins';
      },
      *[Symbol.iterator]() {
        yield 'sync';
      },
    }),
    str: await loop('ab'),
  };
};
