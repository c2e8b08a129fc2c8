// Local variables, loops, this and arguments survive suspension; interleaving shows lost updates.
export default async () => {
  const log = [];
  async function f(a, ...r) {
    let x = a;
    for (let i = 0; i < 2; i++) {
      const before = x;
      await null;
      x = before + i + r.length;
      log.push(`${a}${x}`);
    }
    try {
      await Promise.reject(x);
    } catch (e) {
      x = e * 2;
    } finally {
      await null;
      log.push(`fin ${a}`);
    }
    return [x, this?.k ?? 'none', arguments.length];
  }
  const rs = await Promise.all([f(1), f.call({ k: 'kk' }, 10, 'r'), f.apply(null, [100, 1, 2])]);
  let n = 0;
  const unsafe = async () => {
    const v = n;
    await null;
    n = v + 1;
  };
  await Promise.all([unsafe(), unsafe(), unsafe()]);
  const lost = n;
  let lock = Promise.resolve();
  const safe = (g) => (lock = lock.then(g, g));
  n = 0;
  await Promise.all([safe(unsafe), safe(unsafe), safe(unsafe)]);
  const cl = [];
  for (let i = 0; i < 3; i++) {
    await null;
    cl.push(() => i);
  }
  const sw = await (async (v) => {
    switch (await v) {
      case await 1:
        return 'one';
      case 2:
        return await 'two';
    }
  })(2);
  return { rs, log, lost, n, cl: cl.map((g) => g()), sw };
};
