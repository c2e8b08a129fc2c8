// let makes a new binding for each turn of a loop, var does not.
export default () => {
  const out = {};
  const withLet = [];
  for (let i = 0; i < 3; i++) withLet.push(() => i);
  out.let = withLet.map((f) => f());
  const withVar = [];
  for (var v = 0; v < 3; v++) withVar.push(() => v);
  out.var = withVar.map((f) => f());
  const setters = [];
  for (let i = 0; i < 6; i++) {
    setters.push({
      get: () => i,
      add: () => {
        i += 10;
      },
    });
    if (i === 1) i++;
  }
  setters[1].add();
  out.changed = setters.map((s) => s.get());
  const head = [];
  for (let i = 0, peek = () => i; i < 3; i++) head.push(peek());
  out.headClosure = head;
  const keys = [];
  for (const k in { a: 1, b: 2 }) keys.push(() => k);
  out.forIn = keys.map((f) => f());
  const items = [];
  for (const [i, s] of ['x', 'y'].entries()) items.push(() => s + i);
  out.forOf = items.map((f) => f());
  const whiles = [];
  let n = 0;
  while (n < 3) {
    const square = n * n;
    whiles.push(() => square);
    n++;
  }
  out.while = whiles.map((f) => f());
  return out;
};
