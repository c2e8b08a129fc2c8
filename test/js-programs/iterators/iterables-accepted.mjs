// Every place that takes an iterable, given one and the same custom iterable.
export default async () => {
  let opened = 0;
  const it = {
    *[Symbol.iterator]() {
      opened++;
      yield ['a', 1];
      yield ['b', 2];
    },
  };
  const objs = {
    *[Symbol.iterator]() {
      yield {};
      yield () => {};
    },
  };
  const nums = {
    *[Symbol.iterator]() {
      yield 3;
      yield 7;
    },
  };
  const proms = {
    *[Symbol.iterator]() {
      yield Promise.resolve('p');
      yield 'q';
    },
  };
  const [[d1], ...d2] = it;
  const wm = new WeakMap([...objs].map((o) => [o, 1]));
  function f() {
    return arguments.length;
  }
  return {
    spread: [...it],
    call: f(...it),
    map: new Map(it).get('b'),
    set: new Set(it).size,
    from: Array.from(it, ([k]) => k),
    entries: Object.fromEntries(it),
    typed: [...new Uint8Array(nums)],
    typedFrom: [...Int16Array.from(nums)],
    d: [d1, d2],
    max: Math.max(...nums),
    all: await Promise.all(proms),
    settled: (await Promise.allSettled(proms)).map((r) => r.value),
    race: await Promise.race(proms),
    any: await Promise.any(proms),
    weak: new WeakSet(objs) instanceof WeakSet,
    wm: wm instanceof WeakMap,
    agg: new AggregateError(nums).errors,
    params: String(new URLSearchParams(it)),
    gen: [
      ...(function* () {
        yield* it;
      })(),
    ],
    forOf: (() => {
      const o = [];
      for (const [k] of it) o.push(k);
      return o;
    })(),
    concat: [].concat(it).length,
    opened,
  };
};
