import async from 'async';

export default async () => {
  const log = [];
  const results = await async.mapLimit([3, 1, 2], 2, async (n) => {
    log.push(n);
    return n * n;
  });
  const auto = await async.auto({
    a: async () => 1,
    b: ['a', async ({ a }) => a + 1],
    c: ['a', 'b', async ({ a, b }) => [a, b]],
  });
  let tries = 0;
  const retried = await async.retry(3, async () => {
    if (++tries < 3) throw new Error('again');
    return 'third';
  });
  const queue = async.queue(async (task) => log.push(`q${task}`), 1);
  queue.push([1, 2, 3]);
  await queue.drain();
  const parts = await async.groupBy(['a', 'bb', 'cc'], async (text) => text.length);
  return { results, auto, retried, tries, log, parts };
};
