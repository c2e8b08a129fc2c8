// all, allSettled, race, any: results, empty input, mixed values, order.
export default async () => {
  const ok = (v) => Promise.resolve(v),
    no = (v) => Promise.reject(v);
  const c = (p) =>
    p.then(
      (v) => ['ok', v],
      (e) => ['no', e instanceof AggregateError ? [e.name, e.errors] : e],
    );
  const late = async (n, v) => {
    while (n--) await null;
    return v;
  };
  return {
    all: [
      await c(Promise.all([1, ok(2), { then: (f) => f(3) }])),
      await c(Promise.all([])),
      await c(Promise.all([no('a'), no('b')])),
      await c(Promise.all([late(9, 'slow'), late(1, 'fast')])),
      await c(Promise.all('ab')),
      await c(Promise.all(5).catch((e) => e.name)),
    ],
    settled: [await Promise.allSettled([1, no('r'), ok('v')]), await Promise.allSettled([])],
    race: [
      await c(Promise.race([late(5, 'a'), late(2, 'b')])),
      await c(Promise.race([no('x'), 1])),
      await c(Promise.race([late(3, 1), no('first')])),
    ],
    any: [
      await c(Promise.any([no(1), late(4, 'x'), late(2, 'y')])),
      await c(Promise.any([no('p'), no('q')])),
      await c(Promise.any([])),
      await c(Promise.any([1, no(0)])),
    ],
    pending: await Promise.race([Promise.race([]), late(20, 'never settles')]),
    lens: [Promise.all.length, Promise.any.length, Promise.race.length],
    map: await Promise.all(new Map([[1, 2]])),
  };
};
