// Stream-like pipelines of async generators with back pressure.
export default async () => {
  const log = [];
  async function* source(n) {
    try {
      for (let i = 1; i <= n; i++) {
        log.push(`make ${i}`);
        yield i;
      }
    } finally {
      log.push('source closed');
    }
  }
  async function* map(it, f) {
    for await (const x of it) yield f(x);
  }
  async function* filter(it, f) {
    for await (const x of it) if (await f(x)) yield x;
  }
  async function* take(it, n) {
    if (n)
      for await (const x of it) {
        yield x;
        if (--n === 0) return;
      }
  }
  async function* merge(...its) {
    const pending = new Map(
      its.map((it, i) => {
        const a = it[Symbol.asyncIterator]();
        return [i, { a, p: null }];
      }),
    );
    const ask = (i) =>
      pending
        .get(i)
        .a.next()
        .then((r) => ({ i, r }));
    for (const [i, s] of pending) s.p = ask(i);
    while (pending.size) {
      const { i, r } = await Promise.race([...pending.values()].map((s) => s.p));
      if (r.done) pending.delete(i);
      else {
        pending.get(i).p = ask(i);
        yield r.value;
      }
    }
  }
  async function* batch(it, n) {
    let b = [];
    for await (const x of it)
      if (b.push(x) === n) {
        yield b;
        b = [];
      }
    if (b.length) yield b;
  }
  const collect = async (it) => {
    const out = [];
    for await (const x of it) out.push(x);
    return out;
  };
  const a = await collect(
    take(
      filter(
        map(source(100), (x) => x * 3),
        async (x) => x % 2 === 0,
      ),
      3,
    ),
  );
  const merged = await collect(
    merge(
      source(2),
      map(source(2), async (x) => `m${x}`),
    ),
  );
  return {
    a,
    merged: merged.map(String).sort(),
    batch: await collect(batch(source(5), 2)),
    none: await collect(take(source(1), 0)),
    log,
  };
};
