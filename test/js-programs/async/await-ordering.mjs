// The exact order of microtasks around await.
export default async () => {
  const log = [];
  const p = (x) => log.push(x);
  async function a() {
    p('a1');
    await null;
    p('a2');
    await b();
    p('a3');
  }
  async function b() {
    p('b1');
    await 0;
    p('b2');
  }
  const done = a();
  p('sync');
  Promise.resolve()
    .then(() => p('t1'))
    .then(() => p('t2'))
    .then(() => p('t3'))
    .then(() => p('t4'));
  queueMicrotask(() => p('q'));
  await done;
  p('--');
  const returnPromise = async () => Promise.resolve('rp');
  const returnAwait = async () => await Promise.resolve('ra');
  const plain = async () => 'pl';
  const thenable = async () => ({ then: (f) => f('th') });
  await Promise.all([
    returnPromise().then(p),
    returnAwait().then(p),
    plain().then(p),
    thenable().then(p),
    Promise.resolve()
      .then(() => p('x1'))
      .then(() => p('x2'))
      .then(() => p('x3'))
      .then(() => p('x4')),
  ]);
  return log;
};
