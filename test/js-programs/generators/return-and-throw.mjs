// return() and throw() sent into a generator in each of its states.
export default () => {
  const log = [];
  function* g() {
    try {
      const a = yield 1;
      log.push(`got ${a}`);
      try {
        yield 2;
      } catch (e) {
        log.push(`caught ${e}`);
        yield 'recovered';
      }
      yield 3;
    } finally {
      log.push('finally');
      yield 'from finally';
    }
    return 'end';
  }
  const run = (...steps) => {
    const it = g();
    return steps.map(([m, v]) => {
      try {
        const r = it[m](v);
        return [r.value ?? 'undefined', r.done];
      } catch (e) {
        return `threw ${e}`;
      }
    });
  };
  return {
    whole: run(['next', 'x'], ['next', 'y'], ['next'], ['next'], ['next'], ['next']),
    thrown: run(['next'], ['next'], ['throw', 'T'], ['next'], ['next'], ['next']),
    returned: run(['next'], ['return', 'R'], ['next'], ['next']),
    fresh: run(['return', 'early'], ['next']),
    freshThrow: run(['throw', 'E'], ['next']),
    twice: run(['next'], ['return', 1], ['return', 2], ['next']),
    throwInFinally: run(['next'], ['throw', 'A'], ['throw', 'B'], ['next']),
    log,
  };
};
