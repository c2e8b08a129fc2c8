// Parameters are bound when the generator is called, the body waits for the first next().
export default () => {
  const log = [];
  function* g(a = log.push('default'), { b } = (log.push('pattern'), { b: 2 })) {
    log.push('body');
    const first = yield a + b;
    log.push(first);
  }
  log.push('before');
  const it = g();
  log.push('made');
  it.next('ignored');
  it.next('kept');
  let early;
  function* bad({ x }) {
    yield x;
  }
  try {
    bad();
  } catch (e) {
    early = e.name;
  }
  function* order() {
    const r = [yield 'a', yield 'b', yield 'c'];
    return r;
  }
  const o = order();
  const got = [o.next().value, o.next(1).value, o.next(2).value, o.next(3).value];
  function* exprs() {
    const x = 1 + (yield 'add');
    const y = { [yield 'key']: yield 'value' };
    return [x, y, `${yield 'tpl'}`, (yield, yield 'comma')];
  }
  const e = exprs();
  const asks = [];
  let r = e.next();
  for (let n = 1; !r.done; n++) {
    asks.push(r.value ?? 'bare');
    r = e.next(n);
  }
  return { log, early, got, asks, result: r.value };
};
