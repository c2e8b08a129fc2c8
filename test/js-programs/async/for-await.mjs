// for await over sync iterables, promises, async iterables, with closing.
export default async () => {
  const log = [];
  const out = [];
  for await (const x of [1, Promise.resolve(2), { then: (f) => f(3) }]) out.push(x);
  const src = (n) => ({
    [Symbol.asyncIterator]() {
      let i = 0;
      return {
        next: async () => ({ value: i, done: i++ >= n }),
        return: async () => (log.push('closed'), {}),
      };
    },
  });
  for await (const x of src(5)) {
    if (x === 2) break;
    out.push(`s${x}`);
  }
  try {
    for await (const x of src(3)) throw new Error(`e${x}`);
  } catch (e) {
    out.push(e.message);
  }
  const syncIt = {
    [Symbol.iterator]() {
      let i = 0;
      return {
        next: () => ({ value: Promise.resolve(i), done: i++ > 1 }),
        return() {
          log.push('sync closed');
          return {};
        },
      };
    },
  };
  for await (const x of syncIt) out.push(`p${x}`);
  try {
    for await (const x of [Promise.reject(new TypeError('r'))]) out.push('never', x);
  } catch (e) {
    out.push(e.name);
  }
  for await (const { a, ...b } of [{ a: 1, b: 2 }]) out.push(a, b);
  for await (const [k, v] of new Map([['k', 'v']])) out.push(k + v);
  const o = {};
  for await (o.last of ['x', 'y']);
  let e;
  try {
    for await (const x of 5) out.push(x);
  } catch (err) {
    e = err.name;
  }
  const race = [];
  const slow = (async () => {
    for await (const x of [1, 2]) race.push(`a${x}`);
  })();
  const fast = (async () => {
    for (const x of [1, 2]) {
      await null;
      race.push(`b${x}`);
    }
  })();
  await Promise.all([slow, fast]);
  return { out, log, last: o.last, e, race };
};
