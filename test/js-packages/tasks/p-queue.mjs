import PQueue from 'p-queue';

export default async () => {
  const queue = new PQueue({ concurrency: 1, autoStart: false });
  const log = [];
  for (const [n, priority] of [
    [1, 0],
    [2, 5],
    [3, 1],
  ])
    queue.add(async () => log.push(n), { priority });
  queue.on('idle', () => log.push('idle'));
  const waiting = queue.size;
  queue.start();
  await queue.onIdle();
  const results = await queue.addAll([async () => 'a', async () => 'b']);
  const controller = new AbortController();
  queue.pause();
  const aborted = queue.add(async () => 'never', { signal: controller.signal }).catch(({ name }) => name);
  controller.abort();
  queue.start();
  return { waiting, log, results, aborted: await aborted, left: queue.pending };
};
