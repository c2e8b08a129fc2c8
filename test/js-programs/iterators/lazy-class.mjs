// A lazy sequence class with many operators, each closing its source.
class Seq {
  #it;
  constructor(it) {
    this.#it = it;
  }
  static from(it) {
    return new Seq(it);
  }
  static range(a = 0, b = Infinity, s = 1) {
    return new Seq({
      *[Symbol.iterator]() {
        for (let i = a; s > 0 ? i < b : i > b; i += s) yield i;
      },
    });
  }
  static unfold(seed, f) {
    return new Seq({
      *[Symbol.iterator]() {
        for (let s = seed, r; (r = f(s)); s = r[1]) yield r[0];
      },
    });
  }
  #op(gen) {
    const it = this.#it;
    return new Seq({ [Symbol.iterator]: () => gen(it) });
  }
  map(f) {
    return this.#op(function* (it) {
      let i = 0;
      for (const x of it) yield f(x, i++);
    });
  }
  filter(f) {
    return this.#op(function* (it) {
      for (const x of it) if (f(x)) yield x;
    });
  }
  take(n) {
    return this.#op(function* (it) {
      let i = 0;
      if (n > 0)
        for (const x of it) {
          yield x;
          if (++i >= n) return;
        }
    });
  }
  drop(n) {
    return this.#op(function* (it) {
      let i = 0;
      for (const x of it) if (i++ >= n) yield x;
    });
  }
  takeWhile(f) {
    return this.#op(function* (it) {
      for (const x of it) {
        if (!f(x)) return;
        yield x;
      }
    });
  }
  flatMap(f) {
    return this.#op(function* (it) {
      for (const x of it) yield* f(x);
    });
  }
  pairwise() {
    return this.#op(function* (it) {
      let prev,
        has = false;
      for (const x of it) {
        if (has) yield [prev, x];
        prev = x;
        has = true;
      }
    });
  }
  distinct(k = (x) => x) {
    return this.#op(function* (it) {
      const s = new Set();
      for (const x of it)
        if (!s.has(k(x))) {
          s.add(k(x));
          yield x;
        }
    });
  }
  cycle() {
    return this.#op(function* (it) {
      const buf = [];
      for (const x of it) {
        buf.push(x);
        yield x;
      }
      while (buf.length) yield* buf;
    });
  }
  interleave(o) {
    return this.#op(function* (it) {
      const a = it[Symbol.iterator](),
        b = o[Symbol.iterator]();
      for (;;) {
        const x = a.next(),
          y = b.next();
        if (x.done && y.done) return;
        if (!x.done) yield x.value;
        if (!y.done) yield y.value;
      }
    });
  }
  reduce(f, a) {
    for (const x of this) a = f(a, x);
    return a;
  }
  [Symbol.iterator]() {
    return this.#it[Symbol.iterator]();
  }
  toString() {
    return `Seq(${[...this]})`;
  }
}
export default () => {
  const log = [];
  const src = {
    *[Symbol.iterator]() {
      try {
        for (let i = 1; ; i++) {
          log.push(i);
          yield i;
        }
      } finally {
        log.push('closed');
      }
    },
  };
  const lazy = Seq.from(src)
    .map((x) => x * x)
    .filter((x) => x % 2)
    .take(3);
  const before = log.length;
  return {
    before,
    r: [...lazy],
    log,
    again: [...lazy].length,
    misc: [
      Seq.range(0, 20, 3)
        .pairwise()
        .map(([a, b]) => a * b),
      Seq.from('abracadabra').distinct(),
      Seq.range(5, 0, -2),
      Seq.from([1, 2, 3]).cycle().take(7),
      Seq.unfold([0, 1], ([a, b]) => (a > 50 ? null : [a, [b, a + b]])),
      Seq.from('ac').interleave('bdef'),
      Seq.range(1)
        .takeWhile((x) => x < 4)
        .flatMap((x) => Array(x).fill(x)),
      Seq.from([]).cycle().take(3),
      Seq.range().drop(3).take(2),
    ].map(String),
    sum: Seq.range(1, 101).reduce((a, b) => a + b, 0),
  };
};
