// Iterators that break the protocol, and what for-of, spread and destructuring say.
const t = (f) => {
  try {
    return f();
  } catch (e) {
    return typeof e === 'string' ? e : e.name;
  }
};
export default () => {
  const mk = (o) => ({ [Symbol.iterator]: () => o });
  const log = [];
  const closing = (ret) =>
    mk({
      next: () => ({ value: 1 }),
      return() {
        log.push('return');
        return ret;
      },
    });
  let n = 0;
  return {
    bad: [
      t(() => [...mk(5)]),
      t(() => [...mk({})]),
      t(() => [...mk({ next: () => 5 })]),
      t(() => [...{ [Symbol.iterator]: 5 }]),
      t(() => [...{}]),
      t(() => [
        ...mk({
          next() {
            throw 'next threw';
          },
        }),
      ]),
      t(() => {
        for (const x of mk({
          get next() {
            throw 'getter';
          },
        }))
          x;
      }),
    ],
    close: [
      t(() => {
        for (const x of closing({})) break;
        return 'fine';
      }),
      t(() => {
        for (const x of closing(5)) break;
      }),
      t(() => {
        for (const x of closing(5)) throw 'body';
      }),
      t(() => {
        const [a] = closing(undefined);
        return a;
      }),
      t(() => {
        const [a] = closing(null);
      }),
      t(() => {
        const [] = closing({});
        return 'fine';
      }),
    ],
    log,
    nextOnce: (() => {
      let reads = 0;
      const it = {
        get next() {
          reads++;
          return () => ({ done: n++ > 3, value: n });
        },
      };
      const all = [...mk(it)];
      return [all, reads];
    })(),
    doneTruthy: [
      ...mk({
        i: 0,
        next() {
          return { value: this.i, done: this.i++ === 2 ? 'yes' : '' };
        },
      }),
    ],
    missing: [
      ...mk({
        i: 0,
        next() {
          return this.i++ ? { done: true, value: 'dropped' } : {};
        },
      }),
    ].length,
    noReturn: t(() => {
      for (const x of mk({ next: () => ({ value: 'only' }) })) return x;
    }),
    returnGetter: t(() => {
      for (const x of mk({
        next: () => ({}),
        get return() {
          throw 'return getter';
        },
      }))
        break;
    }),
    nullReturn: t(() => {
      for (const x of mk({ next: () => ({ value: 2 }), return: null })) return x;
    }),
  };
};
