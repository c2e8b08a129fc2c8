// Wrapping callback functions, and the other way round.
export default async () => {
  const promisify = (f) =>
    function (...a) {
      return new Promise((res, rej) =>
        f.call(this, ...a, (e, ...v) => (e ? rej(e) : res(v.length > 1 ? v : v[0]))),
      );
    };
  const callbackify =
    (f) =>
    (...a) => {
      const cb = a.pop();
      f(...a).then(
        (v) => cb(null, v),
        (e) => cb(e ?? 'falsy'),
      );
    };
  const read = (k, cb) =>
    queueMicrotask(() => (k === 'bad' ? cb(new RangeError(k)) : cb(null, k.toUpperCase())));
  const p = promisify(read);
  const o = {
    base: 10,
    add(n, cb) {
      cb(null, this.base + n);
    },
    two: (cb) => cb(null, 1, 2),
  };
  o.addP = promisify(o.add);
  const cbs = await new Promise((r) => callbackify(async (x) => x * 2)(21, (e, v) => r([e, v])));
  const cbe = await new Promise((r) =>
    callbackify(async () => {
      throw null;
    })((e) => r(e)),
  );
  return [
    await p('a'),
    await p('bad').catch((e) => e.name),
    await o.addP(5),
    await promisify(o.two)(),
    cbs,
    cbe,
    (await promisify((cb) => {
      cb(null);
      cb('late');
    })()) ?? 'undefined',
    await promisify(() => {
      throw new TypeError();
    })().catch((e) => e.name),
  ];
};
