// Iterator arithmetic: zip, windows, merge of sorted inputs, group by runs, round robin, peekable.
export default () => {
  const I = (x) => x[Symbol.iterator]();
  function* zip(...xs) {
    const is = xs.map(I);
    try {
      for (;;) {
        const r = [];
        for (const i of is) {
          const s = i.next();
          if (s.done) return;
          r.push(s.value);
        }
        yield r;
      }
    } finally {
      for (const i of is) i.return?.();
    }
  }
  function* win(x, n) {
    let b = [];
    for (const v of x) {
      b = [...b, v].slice(-n);
      if (b.length === n) yield b;
    }
  }
  class Peek {
    #i;
    #b = [];
    constructor(x) {
      this.#i = I(x);
    }
    peek() {
      if (!this.#b.length) this.#b.push(this.#i.next());
      return this.#b[0];
    }
    next() {
      return this.#b.shift() ?? this.#i.next();
    }
    [Symbol.iterator]() {
      return this;
    }
  }
  function* merge(...xs) {
    const ps = xs.map((x) => new Peek(x));
    for (;;) {
      const l = ps.filter((p) => !p.peek().done);
      if (!l.length) return;
      yield l.reduce((m, p) => (p.peek().value < m.peek().value ? p : m)).next().value;
    }
  }
  function* robin(...xs) {
    let is = xs.map(I);
    while (is.length) {
      const keep = [];
      for (const i of is) {
        const s = i.next();
        if (!s.done) {
          yield s.value;
          keep.push(i);
        }
      }
      is = keep;
    }
  }
  function* runs(x, f) {
    let cur,
      k,
      any = false;
    for (const v of x) {
      if (any && f(v) === k) cur.push(v);
      else {
        if (any) yield cur;
        cur = [v];
        k = f(v);
        any = true;
      }
    }
    if (any) yield cur;
  }
  const closed = [];
  function* src(n) {
    try {
      for (let i = 0; ; i++) yield n + i;
    } finally {
      closed.push(n);
    }
  }
  return [
    [...zip('abc', src(1), new Set([7, 8]))],
    closed,
    [...win([1, 2, 3, 4], 3)],
    [...win([1], 2)],
    [...merge([1, 4, 9], [2, 3, 10], [0])],
    [...robin('abc', [1], 'xy')].join(''),
    [...runs([1, 3, 2, 4, 5], (x) => x % 2)],
    (() => {
      const p = new Peek('ab');
      return [p.peek().value, p.next().value, [...p], p.peek().done];
    })(),
  ];
};
