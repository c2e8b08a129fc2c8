// Combinators on subclasses use their resolve and their constructor.
export default async () => {
  const log = [];
  class T extends Promise {
    static resolve(v) {
      log.push(`resolve ${typeof v}`);
      return super.resolve(v);
    }
    then(a, b) {
      log.push('then');
      return super.then(a, b);
    }
    get mine() {
      return 'mine';
    }
    map(f) {
      return this.then((xs) => T.all(xs.map(f)));
    }
  }
  const p = T.all([1, T.resolve(2)]);
  const kind = [
    p instanceof T,
    p.mine,
    T.race([1]) instanceof T,
    T.any([1]) instanceof T,
    T.allSettled([]) instanceof T,
    T.reject(1).catch(() => {}) instanceof T,
    new T((r) => r()).finally(() => {}) instanceof T,
  ];
  const mapped = await T.resolve([1, 2, 3]).map(async (x) => x * 2);
  const counts = Object.fromEntries([...new Set(log)].map((k) => [k, log.filter((x) => x === k).length > 0]));
  const custom = function (ex) {
    ex(
      (v) => {
        this.v = v;
      },
      () => {},
    );
  };
  custom.resolve = (v) => ({ then: (f) => f(v * 10) });
  const viaCustom = Promise.all.call(custom, [1, 2]);
  let e;
  try {
    Promise.all.call(function () {}, []);
  } catch (x) {
    e = x.name;
  }
  const noResolve = await Promise.all
    .call(
      class extends Promise {
        static resolve = 5;
      },
      [],
    )
    .catch((x) => x.name);
  return {
    kind,
    mapped,
    counts,
    viaCustom: viaCustom.v,
    e,
    noResolve,
    race: await T.race([new T(() => {}), T.resolve('r')]),
  };
};
