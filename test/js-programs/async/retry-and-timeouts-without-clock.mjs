// Retrying, cancelling and racing, driven by a virtual clock.
class Clock {
  now = 0;
  #q = [];
  sleep(ms) {
    return new Promise((r) => {
      this.#q.push({ at: this.now + ms, r });
      this.#q.sort((a, b) => a.at - b.at);
    });
  }
  async run() {
    for (;;) {
      for (let i = 0; i < 20; i++) await null;
      const n = this.#q.shift();
      if (!n) return;
      this.now = n.at;
      n.r();
    }
  }
}
export default async () => {
  const clock = new Clock();
  const log = [];
  const retry = async (f, { times = 5, base = 100 } = {}) => {
    for (let i = 0; ; i++) {
      try {
        return await f(i);
      } catch (e) {
        if (i === times - 1) throw new AggregateError([e], 'gave up');
        log.push(`${clock.now}: ${e.message}`);
        await clock.sleep(base * 2 ** i);
      }
    }
  };
  const timeout = (p, ms) =>
    Promise.race([
      p,
      clock.sleep(ms).then(() => {
        throw new Error(`timeout ${ms}`);
      }),
    ]);
  const debounce = (f, ms) => {
    let id = 0;
    return async (...a) => {
      const mine = ++id;
      await clock.sleep(ms);
      if (mine === id) f(...a);
    };
  };
  const said = [];
  const say = debounce((x) => said.push(`${x}@${clock.now}`), 50);
  const typing = (async () => {
    for (const [w, x] of [
      [0, 'h'],
      [20, 'he'],
      [20, 'hel'],
      [100, 'bye'],
    ]) {
      await clock.sleep(w);
      say(x);
    }
  })();
  const ok = retry(async (i) => {
    if (i < 3) throw new Error(`try ${i}`);
    return `ok at ${clock.now}`;
  });
  const bad = retry(
    async () => {
      throw new Error('always');
    },
    { times: 2, base: 7 },
  ).catch((e) => [e.message, e.errors.length]);
  const slow = timeout(clock.sleep(500), 300).catch((e) => e.message);
  const quick = timeout(
    clock.sleep(10).then(() => 'quick'),
    300,
  );
  const [, ...r] = await Promise.all([clock.run(), ok, bad, slow, quick, typing]);
  return { r: r.slice(0, 4), log, said, end: clock.now };
};
