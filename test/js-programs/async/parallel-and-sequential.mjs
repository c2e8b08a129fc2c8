// map in parallel, in series, with limits; reduce; waterfall; order of effects.
const ticks = async (n, v) => {
  for (let i = 0; i < n; i++) await null;
  return v;
};
export default async () => {
  const run = async (how) => {
    const log = [];
    const r = await how([3, 1, 2], async (n) => {
      log.push(`>${n}`);
      const v = await ticks(n * 2, n * 10);
      log.push(`<${n}`);
      return v;
    });
    return { r, log: log.join(' ') };
  };
  const parallel = (xs, f) => Promise.all(xs.map(f));
  const series = async (xs, f) => {
    const out = [];
    for (const x of xs) out.push(await f(x));
    return out;
  };
  const reduced = (xs, f) => xs.reduce(async (acc, x) => [...(await acc), await f(x)], Promise.resolve([]));
  const limit = (n) => async (xs, f) => {
    const out = [];
    let i = 0;
    const worker = async () => {
      while (i < xs.length) {
        const k = i++;
        out[k] = await f(xs[k]);
      }
    };
    await Promise.all(Array.from({ length: n }, worker));
    return out;
  };
  const firstWins = (xs, f) => Promise.race(xs.map(f));
  const mapAsyncTwice = async (xs, f) => Promise.all((await Promise.all(xs.map(f))).map(f));
  const out = {};
  for (const [name, how] of Object.entries({
    parallel,
    series,
    reduced,
    limit2: limit(2),
    firstWins,
    mapAsyncTwice,
  }))
    out[name] = await run(how);
  return {
    ...out,
    forEachDoesNotWait: await (async () => {
      const log = [];
      [1, 2].forEach(async (x) => {
        await null;
        log.push(x);
      });
      log.push('after');
      await ticks(3);
      return log;
    })(),
    filterIsNaive: [1, 2, 3].filter(async () => false).length,
  };
};
