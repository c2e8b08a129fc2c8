// An async generator queues its requests and answers them in order.
export default async () => {
  const log = [];
  async function* g() {
    try {
      log.push('start');
      const x = yield Promise.resolve('unwrapped');
      log.push(`x=${x}`);
      await null;
      yield 'b';
      return Promise.resolve('ret');
    } finally {
      log.push('fin');
    }
  }
  const it = g();
  const all = await Promise.all([it.next('n1'), it.next('n2'), it.next('n3'), it.next('n4')]);
  const c = g();
  const early = await Promise.all([c.return(Promise.resolve('r')), c.next()]);
  const d = g();
  await d.next();
  const thrown = await d.throw(new Error('t')).catch((e) => `rejected ${e.message}`);
  const after = await d.next();
  async function* rej() {
    try {
      yield Promise.reject(new TypeError('y'));
    } catch (e) {
      yield `caught ${e.name}`;
    }
  }
  const caught = [];
  for await (const v of rej()) caught.push(v);
  const order = [];
  const q = g();
  q.next().then(() => order.push(1));
  q.next().then(() => order.push(2));
  q.return('z').then((r) => order.push(r.value));
  await q.next().then((r) => order.push(r.done));
  const proto = Object.getPrototypeOf(Object.getPrototypeOf(g.prototype));
  return {
    all: all.map((r) => [r.value ?? 'undefined', r.done]),
    early: early.map((r) => [r.value ?? 'undefined', r.done]),
    thrown,
    after: after.done,
    caught,
    order,
    log,
    self: it[Symbol.asyncIterator]() === it,
    tag: Object.prototype.toString.call(it),
    noIter: Symbol.iterator in it,
  };
};
