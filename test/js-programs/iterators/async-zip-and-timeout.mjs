// Combining async iterators: zip, first to finish, buffer, debounce by ticks, event to iterator.
export default async () => {
  const I = (x) => x[Symbol.asyncIterator]?.() ?? x[Symbol.iterator]();
  async function* zip(...xs) {
    const is = xs.map(I);
    for (;;) {
      const rs = await Promise.all(is.map((i) => i.next()));
      if (rs.some((r) => r.done)) return;
      yield Promise.all(rs.map((r) => r.value));
    }
  }
  async function* slow(n, k) {
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < k; j++) await null;
      yield i;
    }
  }
  const events = () => {
    const q = [],
      ws = [];
    let over = false;
    return {
      emit: (v) => (ws.length ? ws.shift()({ value: v, done: false }) : q.push(v)),
      end: () => {
        over = true;
        ws.forEach((w) => w({ value: undefined, done: true }));
      },
      [Symbol.asyncIterator]: () => ({
        next: () =>
          q.length
            ? Promise.resolve({ value: q.shift(), done: false })
            : over
              ? Promise.resolve({ value: undefined, done: true })
              : new Promise((r) => ws.push(r)),
        return: async () => ({ done: true }),
      }),
    };
  };
  const all = async (x, n = Infinity) => {
    const o = [];
    for await (const v of x) {
      o.push(v);
      if (o.length >= n) break;
    }
    return o;
  };
  const e = events();
  e.emit('early');
  const reading = all(e);
  await null;
  e.emit('a');
  e.emit('b');
  await null;
  e.end();
  async function* prefetch(x, n) {
    const i = I(x),
      q = Array.from({ length: n }, () => i.next());
    for (;;) {
      const r = await q.shift();
      if (r.done) return;
      q.push(i.next());
      yield r.value;
    }
  }
  return [
    await all(zip(slow(3, 2), 'abcd', [Promise.resolve('p'), 'q'])),
    await reading,
    await all(prefetch(slow(5, 3), 2)),
    await all(slow(9, 1), 2),
    await all(zip([], slow(1, 1))),
  ];
};
