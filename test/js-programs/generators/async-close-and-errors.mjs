// Breaking out of async generators, errors in them, and return while suspended.
export default async () => {
  const log = [];
  async function* g(n) {
    try {
      for (let i = 0; i < 5; i++) yield i;
    } catch (e) {
      log.push(`${n} caught ${e}`);
      yield 'from catch';
    } finally {
      log.push(`${n} fin`);
      await null;
      log.push(`${n} fin2`);
    }
  }
  for await (const x of g('break')) if (x === 1) break;
  try {
    for await (const x of g('throw')) throw `T${x}`;
  } catch (e) {
    log.push(e);
  }
  const it = g('manual');
  await it.next();
  const th = await it.throw('E');
  const rt = await it.return('R');
  async function* outer() {
    try {
      yield* g('inner');
    } finally {
      log.push('outer fin');
    }
  }
  for await (const x of outer()) {
    log.push(x);
    if (x === 1) break;
  }
  async function* bad() {
    yield 1;
    throw new RangeError();
  }
  const b = bad();
  const seen = [await b.next(), await b.next().catch((e) => e.name), await b.next()];
  async function* awaitsInReturn() {
    return Promise.resolve('unwrapped');
  }
  async function* delegates() {
    yield* [Promise.resolve('a'), 'b'];
    yield* (async function* () {
      yield 'c';
    })();
  }
  const ds = [];
  for await (const x of delegates()) ds.push(x);
  return {
    log,
    th,
    rt,
    seen: JSON.parse(JSON.stringify(seen)),
    unwrapped: (await awaitsInReturn().next()).value,
    ds,
  };
};
