// Ten thousand microtasks in a defined order.
export default async () => {
  let checksum = 0,
    n = 0;
  const mix = (x) => {
    checksum = (Math.imul(checksum, 31) + x) | 0;
    n++;
  };
  const jobs = [];
  for (let i = 0; i < 100; i++)
    jobs.push(
      (async () => {
        for (let j = 0; j < 30 + (i % 7); j++) {
          await null;
          mix(i * 100 + j);
        }
        return i;
      })(),
    );
  const done = await Promise.all(jobs);
  let chain = Promise.resolve(0);
  for (let i = 0; i < 2000; i++)
    chain = chain.then((x) => {
      mix(x);
      return x + i;
    });
  const total = await chain;
  let depth = 0;
  const nest = async (d) => {
    depth = Math.max(depth, d);
    return d === 500 ? d : await nest(d + 1);
  };
  await new Promise((res) => {
    let k = 0;
    const step = () => (mix(k), ++k < 1000 ? queueMicrotask(step) : res());
    step();
  });
  return { checksum, n, done: done.length, total, nest: await nest(0), depth };
};
