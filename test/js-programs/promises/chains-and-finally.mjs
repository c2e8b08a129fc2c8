// What flows through then, catch and finally.
export default async () => {
  const s = (p) =>
    p.then(
      (v) => ['v', v ?? 'undefined'],
      (e) => ['e', e],
    );
  const ok = () => Promise.resolve('v'),
    no = () => Promise.reject('e');
  return [
    await s(ok().finally(() => 'ignored')),
    await s(no().finally(() => 'ignored')),
    await s(
      ok().finally(() => {
        throw 'f';
      }),
    ),
    await s(
      no().finally(() => {
        throw 'f';
      }),
    ),
    await s(ok().finally(() => Promise.reject('pf'))),
    await s(ok().finally(5)),
    await s(ok().finally()),
    await s(
      ok().finally((...a) => {
        if (a.length) throw 'args';
      }),
    ),
    await s(
      ok()
        .then((v) => v + 1)
        .then((v) => {
          throw v;
        })
        .catch((e) => e + 2)
        .then((v) => v + 3),
    ),
    await s(
      no()
        .then(
          () => 'no',
          (e) => e + '!',
        )
        .catch(() => 'not here'),
    ),
    await s(
      ok().then(
        () => {
          throw 'x';
        },
        () => 'same then does not catch',
      ),
    ),
    await s(
      no()
        .catch(() => {})
        .then((v) => v),
    ),
    await s(no().catch((e) => Promise.reject(e + e))),
    await s([1, 2, 3].reduce((p, n) => p.then((t) => t + n), Promise.resolve(0))),
    await s(ok().then(() => new Promise((r) => queueMicrotask(() => r('later'))))),
    await s(Promise.resolve().then(() => ok().then(() => ok().then(() => 'nested')))),
  ];
};
