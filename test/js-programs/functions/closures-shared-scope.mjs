// Closures that share, split and outlive their scope.
export default () => {
  const mk = () => {
    let n = 0;
    return [
      () => ++n,
      () => n,
      (v) => {
        n = v;
      },
    ];
  };
  const [inc, get, set] = mk();
  const [inc2] = mk();
  inc();
  inc();
  inc2();
  const out = [get(), inc2()];
  set(40);
  out.push(inc(), get());
  const fs = [];
  for (var i = 0; i < 3; i++) {
    let j = i * 10;
    fs.push(() => [i, j++]);
  }
  out.push(
    fs.map((f) => f()),
    fs[1](),
  );
  const adders = [1, 2].map((a) => (b) => a + b);
  out.push(adders.map((f) => f(5)));
  function outer(x) {
    function inner() {
      return x++;
    }
    x += 100;
    return [inner(), x, inner()];
  }
  out.push(outer(1));
  const self = (function () {
    let me = null;
    return { set: (v) => (me = v), who: () => me?.name ?? 'nobody' };
  })();
  out.push(self.who(), self.set({ name: 'me' }) && self.who());
  const par = (
    a,
    f = () => a,
    g = (v) => {
      a = v;
    },
  ) => {
    g('changed');
    return [a, f()];
  };
  out.push(par('orig'));
  try {
    throw 'e1';
  } catch (e) {
    fs.push(() => e);
  }
  out.push(fs.at(-1)());
  return out;
};
