// A long mixed sequence of set, delete and clear against a model on arrays.
export default () => {
  let s = 11;
  const rnd = (n) => (s = (s * 48271) % 2147483647) % n;
  const m = new Map(),
    model = [];
  let bad = 0,
    dels = 0;
  for (let i = 0; i < 4000; i++) {
    const k = rnd(60),
      op = rnd(10);
    const at = model.findIndex((e) => e[0] === k);
    if (op < 6) {
      m.set(k, i);
      if (at < 0) model.push([k, i]);
      else model[at][1] = i;
    } else if (op < 9) {
      if (m.delete(k) !== at >= 0) bad++;
      if (at >= 0) {
        model.splice(at, 1);
        dels++;
      }
    } else if (rnd(40) === 0) {
      m.clear();
      model.length = 0;
    }
    if (m.size !== model.length || m.get(k) !== model.find((e) => e[0] === k)?.[1]) bad++;
  }
  const same = JSON.stringify([...m]) === JSON.stringify(model);
  const st = new Set(model.map((e) => e[0] % 7));
  return {
    bad,
    dels,
    same,
    size: m.size,
    first: [...m][0],
    last: [...m].at(-1),
    st: [...st],
    sum: [...m.values()].reduce((a, b) => a + b, 0),
  };
};
