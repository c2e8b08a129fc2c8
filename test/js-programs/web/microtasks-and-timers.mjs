// queueMicrotask: order, errors of arguments, nesting depth; structured data passed along.
export default async () => {
  const log = [];
  const t = (f) => {
    try {
      f();
      return 'ok';
    } catch (e) {
      return e.name;
    }
  };
  queueMicrotask(() => {
    log.push(1);
    queueMicrotask(() => log.push(4));
  });
  Promise.resolve().then(() => log.push(2));
  queueMicrotask(() => log.push(3));
  log.push(0);
  await null;
  await null;
  await null;
  let depth = 0;
  await new Promise((r) => {
    const go = () => (++depth === 200 ? r() : queueMicrotask(go));
    go();
  });
  const order = [];
  const q = [];
  const later = (f, pri) => {
    q.push([pri, f]);
    if (q.length === 1)
      queueMicrotask(() => {
        q.sort((a, b) => b[0] - a[0]);
        for (const [, g] of q.splice(0)) g();
      });
  };
  later(() => order.push('low'), 1);
  later(() => order.push('high'), 9);
  later(() => order.push('mid'), 5);
  await null;
  await null;
  return {
    log,
    depth,
    order,
    errs: [t(() => queueMicrotask()), t(() => queueMicrotask(5)), t(() => queueMicrotask({}))],
    ret: queueMicrotask(() => {}) === undefined,
    name: queueMicrotask.name,
    len: queueMicrotask.length,
    thisVal: await new Promise((r) =>
      queueMicrotask(function () {
        r(arguments.length);
      }),
    ),
  };
};
