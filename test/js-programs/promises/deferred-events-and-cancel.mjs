// Deferreds, one-shot events, cancellation tokens, a request coalescer and a lazy promise.
class Deferred {
  constructor() {
    this.promise = new Promise((res, rej) => Object.assign(this, { resolve: res, reject: rej }));
  }
}
class Token {
  #d = new Deferred();
  cancelled = false;
  cancel(why) {
    this.cancelled = true;
    this.#d.reject(why);
  }
  constructor() {
    this.#d.promise.catch(() => {});
  }
  race(p) {
    return Promise.race([p, this.#d.promise]);
  }
}
const coalesce = (f) => {
  const inflight = new Map();
  return (k) =>
    inflight.get(k) ??
    (inflight.set(
      k,
      f(k).finally(() => inflight.delete(k)),
    ),
    inflight.get(k));
};
const lazy = (f) => {
  let p;
  return { then: (a, b) => (p ??= Promise.resolve().then(f)).then(a, b) };
};
const ticks = async (n, v) => {
  while (n--) await null;
  return v;
};
export default async () => {
  const d = new Deferred();
  const got = [];
  d.promise.then((v) => got.push(v));
  d.resolve('late');
  d.reject('too late');
  await d.promise;
  const t = new Token();
  const racing = t.race(ticks(50, 'done')).catch((e) => `cancelled: ${e}`);
  t.cancel('user');
  t.cancel('again');
  const calls = [];
  const load = coalesce(async (k) => {
    calls.push(k);
    await ticks(3);
    return `${k}#${calls.length}`;
  });
  const batch = await Promise.all([load('a'), load('a'), load('b'), load('a')]);
  const again = await load('a');
  let runs = 0;
  const lz = lazy(() => ++runs);
  const before = runs;
  const twice = [await lz, await lz];
  const once = (em, ev) =>
    new Promise((r) => {
      (em[ev] ??= []).push(r);
    });
  const em = {};
  const waiting = [once(em, 'x'), once(em, 'x')];
  em.x.forEach((f, i) => f(i));
  const poll = async (f, max) => {
    for (let i = 0; i < max; i++) {
      if (f(i)) return i;
      await null;
    }
    return 'gave up';
  };
  return {
    got,
    racing: await racing,
    cancelled: t.cancelled,
    batch,
    again,
    calls,
    lazy: [before, twice, runs],
    events: await Promise.all(waiting),
    poll: [await poll((i) => i > 4, 10), await poll(() => false, 3)],
  };
};
