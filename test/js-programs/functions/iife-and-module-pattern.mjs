// Closures that keep state: counters, pools, private data, and functions with properties.
export default () => {
  const counter = (() => {
    let n = 0;
    return {
      up: (by = 1) => (n += by),
      get value() {
        return n;
      },
      reset() {
        n = 0;
        return this;
      },
    };
  })();
  counter.up();
  counter.up(5);
  const bank = (() => {
    const priv = new WeakMap();
    return class {
      constructor(b) {
        priv.set(this, { b });
      }
      add(x) {
        priv.get(this).b += x;
        return this;
      }
      get b() {
        return priv.get(this).b;
      }
    };
  })();
  function seq() {
    seq.calls = (seq.calls ?? 0) + 1;
    return seq.calls;
  }
  seq();
  seq();
  const makers = [];
  for (const base of [2, 3]) makers.push(Object.assign((x) => x ** base, { base }));
  const emitter = () => {
    const hs = {};
    return {
      on(e, f) {
        (hs[e] ??= []).push(f);
        return () => {
          hs[e] = hs[e].filter((g) => g !== f);
        };
      },
      emit: (e, ...a) => (hs[e] ?? []).map((f) => f(...a)),
    };
  };
  const e = emitter();
  const off = e.on('x', (a) => a + 1);
  e.on('x', (a) => a * 10);
  const first = e.emit('x', 5);
  off();
  const iife = [
    (function () {
      return 'a';
    })(),
    !(function () {
      return 1;
    })(),
    void (function () {})(),
    new (function () {
      this.v = 9;
    })().v,
    (async () => 1)() instanceof Promise,
  ];
  const shared = (() => {
    let secret = 's';
    return {
      get: () => secret,
      set: (v) => {
        secret = v;
      },
    };
  })();
  shared.set('t');
  return {
    counter: counter.value,
    reset: counter.reset().value,
    bank: new bank(5).add(3).b,
    seq: seq.calls,
    powers: makers.map((m) => [m.base, m(4)]),
    first,
    second: e.emit('x', 5),
    none: e.emit('y'),
    iife: iife.map((v) => v ?? 'undefined'),
    shared: shared.get(),
  };
};
