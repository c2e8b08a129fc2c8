// Every way to stop early runs the generator's finally block.
export default () => {
  const log = [];
  function* g(name) {
    try {
      yield 1;
      yield 2;
      yield 3;
    } finally {
      log.push(name);
    }
  }
  for (const x of g('break')) if (x === 2) break;
  (() => {
    for (const x of g('return')) return x;
  })();
  try {
    for (const x of g('throw')) throw x;
  } catch {}
  outer: for (const a of [1]) for (const x of g('continue outer')) continue outer;
  const [p] = g('destructure');
  const [q, ...rest] = g('rest runs to the end');
  const [] = g('empty pattern: never started');
  [...g('spread')];
  new Map([[1, 1]].values(), g('unused'));
  try {
    new Map(g('map of bad entries'));
  } catch (e) {
    log.push(e.name);
  }
  try {
    Array.from(g('from with throwing mapper'), () => {
      throw 1;
    });
  } catch {}
  new Set(g('set'));
  Math.max(...g('args'));
  const never = g('never closed');
  never.next();
  const it = g('resumable');
  for (const x of { [Symbol.iterator]: () => ({ next: () => it.next() }) }) break;
  const left = [...it];
  function* finallyThrows() {
    try {
      yield 1;
    } finally {
      throw new TypeError('f');
    }
  }
  const errs = [];
  try {
    for (const x of finallyThrows()) break;
  } catch (e) {
    errs.push(e.name);
  }
  try {
    for (const x of finallyThrows()) throw new RangeError('body wins');
  } catch (e) {
    errs.push(e.name);
  }
  return { log, p, q, rest, left, errs };
};
