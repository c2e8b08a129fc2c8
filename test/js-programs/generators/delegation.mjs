// yield*: values, results, and return/throw passed on to the inner iterator.
export default () => {
  const log = [];
  function* inner() {
    try {
      const x = yield 'i1';
      log.push(x ?? 'nothing');
      yield 'i2';
      return 'result';
    } catch (e) {
      log.push(`inner caught ${e}`);
      return 'after catch';
    } finally {
      log.push('inner done');
    }
  }
  function* outer() {
    const r = yield* inner();
    log.push(`r=${r}`);
    yield r;
    yield* 'ab';
    yield* [1, 2];
    return yield* (function* () {
      return 'tail';
    })();
  }
  const all = [...outer()];
  const a = outer();
  a.next();
  a.next('sent');
  const b = outer();
  b.next();
  const thrown = [b.throw('T'), b.next()];
  const c = outer();
  c.next();
  const returned = [c.return('R'), c.next().done];
  const noThrow = {
    [Symbol.iterator]: () => ({
      next: () => ({ value: 1, done: false }),
      return() {
        log.push('closed');
        return {};
      },
    }),
  };
  const d = (function* () {
    yield* noThrow;
  })();
  d.next();
  let e1;
  try {
    d.throw(new RangeError());
  } catch (e) {
    e1 = e.name;
  }
  function* tree(t) {
    if (t) {
      yield* tree(t.l);
      yield t.v;
      yield* tree(t.r);
    }
  }
  const t = { v: 4, l: { v: 2, l: { v: 1 }, r: { v: 3 } }, r: { v: 6, l: { v: 5 } } };
  return { all, thrown, returned, e1, tree: [...tree(t)], log };
};
