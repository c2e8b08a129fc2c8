// Rejections handled late, double handlers, promises that never settle left behind.
export default async () => {
  const log = [];
  const p = new Promise((_, r) => queueMicrotask(() => r('later')));
  p.catch((e) => log.push(`1 ${e}`));
  p.then(
    () => log.push('no'),
    (e) => log.push(`2 ${e}`),
  );
  await p.catch(() => {});
  const never = new Promise(() => {});
  never.then(() => log.push('never'));
  const raced = await Promise.race([never, 'won']);
  const branch = Promise.reject('root');
  const [a, b] = await Promise.allSettled([branch.then(() => 1), branch.catch((e) => `${e}!`)]);
  const q = [];
  let go;
  const gate = new Promise((r) => {
    go = r;
  });
  const ws = [1, 2, 3].map(async (n) => {
    await gate;
    q.push(n);
    return n;
  });
  q.push('open');
  go();
  await Promise.all(ws);
  const re = await (async () => {
    try {
      try {
        await Promise.reject(1);
      } finally {
        await null;
        log.push('inner fin');
      }
    } catch (e) {
      return e + 1;
    }
  })();
  return { log, raced, a: [a.status, a.reason], b: [b.status, b.value], q, re };
};
