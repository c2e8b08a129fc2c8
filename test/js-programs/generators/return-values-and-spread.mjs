// Where the value of return goes: lost in loops and spreads, kept by yield* and next.
export default () => {
  function* g() {
    yield 1;
    yield 2;
    return 3;
  }
  function* d() {
    const r = yield* g();
    yield `r${r}`;
    return 'end';
  }
  const it = g();
  const steps = [it.next(), it.next(), it.next(), it.next()].map((s) => [s.value ?? 'u', s.done]);
  const [a, b, c = 'none'] = g();
  const arr = [];
  for (const x of d()) arr.push(x);
  function* empty() {
    return 'only';
  }
  const e = empty();
  const obj = {
    *[Symbol.iterator]() {
      return 'x';
    },
  };
  return {
    steps,
    spread: [...g()],
    abc: [a, b, c],
    arr,
    empty: [[...empty()], e.next().value, e.next().value ?? 'u'],
    from: Array.from(d()),
    max: Math.max(...g()),
    obj: [...obj].length,
    set: new Set(d()).size,
    ret: g().return('r').value,
    nested: [
      ...(function* () {
        return yield* (function* () {
          yield 'y';
          return 'z';
        })();
      })(),
    ],
    collect: (() => {
      const out = [];
      const x = d();
      let s;
      while (!(s = x.next()).done) out.push(s.value);
      return [...out, s.value];
    })(),
  };
};
