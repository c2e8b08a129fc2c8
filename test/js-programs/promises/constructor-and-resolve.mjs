// The constructor: errors, double settling, subclassing, then on foreign objects.
const t = (f) => {
  try {
    f();
    return 'ok';
  } catch (e) {
    return e.name;
  }
};
export default async () => {
  const out = [];
  const s = (p) =>
    p.then(
      (v) => `ok ${v}`,
      (e) => `no ${e?.name ?? e}`,
    );
  out.push(
    await s(
      new Promise((r, j) => {
        r(1);
        j(2);
        throw 3;
      }),
    ),
    await s(
      new Promise((r, j) => {
        j(2);
        r(1);
      }),
    ),
    await s(
      new Promise(() => {
        throw new RangeError();
      }),
    ),
    await s(new Promise((r) => r(new Promise((_, j) => j('inner'))))),
    await s(
      new Promise((r) => {
        r({
          then(f) {
            f('thenable');
            f('again');
          },
        });
        r('late');
      }),
    ),
    await s(new Promise((r, j) => j(Promise.resolve('not unwrapped'))).catch((e) => e instanceof Promise)),
  );
  const p = Promise.resolve(1);
  const seen = [];
  class Sub extends Promise {
    constructor(f) {
      super(f);
      seen.push('made');
    }
    static get [Symbol.species]() {
      return Promise;
    }
  }
  const sub = Sub.resolve(5);
  const thenCalls = [];
  Promise.prototype.then.call(p, (v) => thenCalls.push(v));
  const ignored = await Promise.resolve('through').then(null).then(undefined, 5).then('x').catch(0);
  let res;
  const ext = new Promise((r) => {
    res = r;
  });
  const early = await Promise.race([ext, Promise.resolve('pending')]);
  res('opened');
  return {
    out,
    same: [Promise.resolve(p) === p, Sub.resolve(p) === p, Sub.resolve(sub) === sub, p.then() === p],
    sub: [sub instanceof Sub, sub.then(() => {}) instanceof Sub, seen.length],
    ignored,
    early,
    ext: await ext,
    thenCalls,
    errs: [
      t(() => Promise()),
      t(() => new Promise(5)),
      t(() => Promise.resolve.call(1)),
      t(() => Promise.prototype.then.call({})),
      t(() =>
        new Promise(() => {
          throw 1;
        }).catch(() => {}),
      ),
    ],
    catchCallsThen: Promise.prototype.catch.call({ then: (a, b) => [a === undefined, typeof b] }, () => {}),
    tag: String(p),
    res: [res.length, res.name, typeof res('twice')],
  };
};
