// Generators as questionnaires, accumulators and pattern matchers.
export default () => {
  function* quiz() {
    const name = yield 'name?';
    const n = Number(yield `age of ${name}?`);
    while (n < 18) {
      const more = yield 'minor; go on?';
      if (more === 'no') return 'stopped';
      break;
    }
    return `${name}:${n}`;
  }
  const play = (g, ...as) => {
    const it = g();
    const out = [];
    let r = it.next();
    for (const a of as) {
      out.push(r.value);
      if (r.done) break;
      r = it.next(a);
    }
    out.push(r.value, r.done);
    return out;
  };
  function* avg() {
    let [s, n] = [0, 0];
    for (;;) {
      const x = yield n ? s / n : null;
      s += x;
      n++;
    }
  }
  const a = avg();
  a.next();
  function* find(pat) {
    let i = 0,
      at = 0,
      hits = 0;
    for (;;) {
      const c = yield hits;
      at++;
      i = c === pat[i] ? i + 1 : +(c === pat[0]);
      if (i === pat.length) {
        hits++;
        i = 0;
      }
    }
  }
  const f = find('ab');
  f.next();
  return [
    play(quiz, 'Ann', 30),
    play(quiz, 'Bob', 9, 'no'),
    play(quiz, 'Cy', 9, 'ok'),
    [10, 20, 60].map((x) => a.next(x).value),
    [...'abxaabab'].map((c) => f.next(c).value).join(''),
  ];
};
