// When a pattern closes the iterator, and which error wins.
export default () => {
  const log = [];
  const it = (n, ret = () => ({})) => ({
    [Symbol.iterator]() {
      let i = 0;
      return {
        next: () => ({ value: i, done: i++ >= n }),
        return() {
          log.push('closed');
          return ret();
        },
      };
    },
  });
  const t = (f) => {
    try {
      return f();
    } catch (e) {
      return typeof e === 'string' ? e : e.name;
    }
  };
  const c = (f) => {
    log.length = 0;
    const r = t(f);
    return [r ?? 'u', log.length];
  };
  return [
    c(() => {
      const [a] = it(3);
      return a;
    }),
    c(() => {
      const [a, b, d] = it(2);
      return d;
    }),
    c(() => {
      const [...r] = it(3);
      return r;
    }),
    c(() => {
      const [] = it(3);
    }),
    c(() => {
      const [,] = it(3);
    }),
    c(() => {
      const [
        a = (() => {
          throw 'default';
        })(),
      ] = it(0);
    }),
    c(() => {
      const [[x]] = it(3);
    }),
    c(() => {
      const [{ y }] = it(3);
      return y;
    }),
    c(() => {
      const [a] = it(3, () => {
        throw 'in return';
      });
    }),
    c(() => {
      const [[x]] = it(3, () => {
        throw 'loses';
      });
    }),
    c(() => {
      const [a] = it(3, () => 5);
    }),
    c(() => (([a, b]) => a + b)(it(5))),
    c(() => {
      for (const [a] of [it(2), it(2)]) a;
    }),
    c(() => {
      let a;
      [a, ...a] = it(2);
      return a;
    }),
    c(() => {
      let o = null;
      [o.x] = it(1);
    }),
  ];
};
