// How many ticks each way of returning a promise takes.
export default async () => {
  const count = async (start) => {
    let ticks = 0,
      done = false;
    start().then(() => {
      done = true;
    });
    while (!done && ticks < 30) {
      await null;
      ticks++;
    }
    return ticks;
  };
  const P = Promise.resolve();
  return {
    resolved: await count(() => P),
    thenPlain: await count(() => P.then(() => 1)),
    thenPromise: await count(() => P.then(() => Promise.resolve(1))),
    thenThenable: await count(() => P.then(() => ({ then: (f) => f(1) }))),
    asyncPlain: await count(async () => 1),
    asyncPromise: await count(async () => Promise.resolve(1)),
    asyncAwait: await count(async () => await 1),
    asyncThree: await count(async () => {
      await 1;
      await 2;
      await 3;
    }),
    all: await count(() => Promise.all([1, 2])),
    allNested: await count(() => Promise.all([Promise.all([1])])),
    race: await count(() => Promise.race([1])),
    settled: await count(() => Promise.allSettled([Promise.reject(1)])),
    any: await count(() => Promise.any([1])),
    fin: await count(() => P.finally(() => {})),
    caught: await count(() => Promise.reject(1).catch(() => {})),
    skip: await count(() => P.catch(() => {}).catch(() => {})),
    ctor: await count(() => new Promise((r) => r(Promise.resolve()))),
    forAwait: await count(async () => {
      for await (const x of [1, 2]) x;
    }),
  };
};
