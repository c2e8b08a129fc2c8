// lastIndex with g and y, resets after failure, empty matches, read-only lastIndex.
export default () => {
  const y = /\d/y;
  const out = [];
  for (const at of [0, 1, 2, 99]) {
    y.lastIndex = at;
    out.push([y.test('a1b2'), y.lastIndex]);
  }
  const g = /a/g;
  const steps = [];
  for (let i = 0; i < 5; i++) steps.push([g.test('aba'), g.lastIndex]);
  const empty = [];
  const e = /x*/g;
  let m;
  while ((m = e.exec('axb')) !== null) {
    empty.push([m.index, m[0]]);
    if (m[0] === '') e.lastIndex++;
  }
  const lex = (src) => {
    const re = /\s*(?:(\d+)|([a-z]+)|(.))/y;
    const t = [];
    let k;
    while ((k = re.exec(src))) t.push(k[1] ? 'n' : k[2] ? 'w' : k[3]);
    return t;
  };
  const frozen = Object.freeze(/a/g);
  const errs = [() => frozen.test('a'), () => frozen.exec('b'), () => Object.freeze(/a/).test('a')].map(
    (f) => {
      try {
        return String(f());
      } catch (x) {
        return x.name;
      }
    },
  );
  const r = /b/;
  r.lastIndex = 5;
  const nonGlobal = [r.test('abc'), r.lastIndex];
  const v = /./g;
  v.lastIndex = { valueOf: () => 1 };
  const rep = /a/g;
  rep.lastIndex = 2;
  'aaa'.replace(rep, 'b');
  const u = /\udf06/u;
  return {
    out,
    steps,
    empty,
    lex: lex('let x = 12+y'),
    errs,
    nonGlobal,
    conv: v.exec('xyz')[0],
    rep: rep.lastIndex,
    search: (() => {
      const s = /b/g;
      s.lastIndex = 3;
      return ['abc'.search(s), s.lastIndex];
    })(),
    split: 'a1b2'.split(/\d/y),
    u: u.exec('\ud834\udf06'),
    gu: (() => {
      const q = /^|\udf06/gu;
      return '\ud834\udf06'.match(q).length;
    })(),
    matchY: 'aab'.match(/a/gy),
  };
};
