import pLimit from 'p-limit';

export default async () => {
  const limit = pLimit(2);
  const log = [];
  let running = 0;
  let most = 0;
  const job = (n) =>
    limit(async () => {
      most = Math.max(most, ++running);
      log.push(n);
      await new Promise((resolve) => setTimeout(resolve, 2));
      running -= 1;
      return n * n;
    });
  const results = await Promise.all([1, 2, 3, 4, 5].map(job));
  const failed = await limit(() => Promise.reject(new RangeError('r'))).catch(({ name }) => name);
  return { results, log, most, failed, left: [limit.activeCount, limit.pendingCount] };
};
