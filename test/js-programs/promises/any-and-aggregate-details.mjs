// Promise.any in detail: order of errors, early success, non-promises, iteration faults.
export default async () => {
  const late = async (n, v, bad) => {
    while (n--) await null;
    if (bad) throw v;
    return v;
  };
  const g = (p) =>
    p.catch((e) => (e.errors ? [e.constructor.name, e.errors.map((x) => x?.name ?? x)] : `${e?.name ?? e}`));
  const badIt = {
    [Symbol.iterator]: () => ({
      next() {
        throw 'next';
      },
    }),
  };
  let closed = 0;
  const closing = {
    [Symbol.iterator]: () => ({
      next: () => ({ value: 1 }),
      return() {
        closed++;
        return {};
      },
    }),
  };
  class Bad extends Promise {
    static resolve() {
      throw new RangeError();
    }
  }
  return [
    await g(Promise.any([late(5, 'a', 1), late(1, 'b', 1), late(3, 'c', 1)])),
    await g(Promise.any([late(5, 'slow'), late(2, 'quick'), late(1, 'bad', 1)])),
    await g(Promise.any('xy')),
    await g(Promise.any(null)),
    await g(Promise.any(badIt)),
    await g(Promise.all(badIt)),
    await g(Bad.all(closing)),
    closed,
    await g(Promise.any([Promise.any([])])),
    await g(Promise.race([Promise.any([]), late(9, 'n')])),
    await Promise.allSettled([Promise.any([]), 1]).then((r) => r.map((x) => x.status)),
    (await Promise.any([[1], { a: 1 }])).length,
  ];
};
