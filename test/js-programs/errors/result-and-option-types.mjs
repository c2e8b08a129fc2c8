// Error handling without throwing: Result, Option, validation that collects.
class Result {
  static ok = (v) => new Ok(v);
  static err = (e) => new Err(e);
  static from(f) {
    try {
      return Result.ok(f());
    } catch (e) {
      return Result.err(e.name ?? e);
    }
  }
  static all(rs) {
    return rs.reduce((a, r) => a.flatMap((xs) => r.map((x) => [...xs, x])), Result.ok([]));
  }
  *[Symbol.iterator]() {
    return yield this;
  }
  static do(gen) {
    const it = gen();
    let s = it.next();
    while (!s.done) {
      if (s.value instanceof Err) return s.value;
      s = it.next(s.value.v);
    }
    return Result.ok(s.value);
  }
}
class Ok extends Result {
  constructor(v) {
    super();
    this.v = v;
  }
  map(f) {
    return Result.ok(f(this.v));
  }
  flatMap(f) {
    return f(this.v);
  }
  mapErr() {
    return this;
  }
  or() {
    return this.v;
  }
  toString() {
    return `Ok(${this.v})`;
  }
}
class Err extends Result {
  constructor(e) {
    super();
    this.e = e;
  }
  map() {
    return this;
  }
  flatMap() {
    return this;
  }
  mapErr(f) {
    return Result.err(f(this.e));
  }
  or(d) {
    return d;
  }
  toString() {
    return `Err(${this.e})`;
  }
}
const div = (a, b) => (b ? Result.ok(a / b) : Result.err('div by zero'));
const validate = (rules) => (o) => {
  const errs = Object.entries(rules).flatMap(([k, fs]) =>
    fs
      .map((f) => f(o[k]))
      .filter(Boolean)
      .map((m) => `${k} ${m}`),
  );
  return errs.length ? Result.err(errs) : Result.ok(o);
};
export default () => {
  const calc = (a, b, c) =>
    Result.do(function* () {
      const x = yield* div(a, b).flatMap((v) =>
        Result.ok({
          *[Symbol.iterator]() {
            return yield Result.ok(v);
          },
        }),
      ).v ?? div(a, b);
      const y = yield div(x, c);
      return x + y;
    });
  const v = validate({
    name: [(x) => !x && 'missing', (x) => x?.length > 5 && 'too long'],
    age: [(x) => typeof x !== 'number' && 'not a number'],
  });
  return {
    chain: [
      div(10, 2).map((x) => x + 1),
      div(1, 0).map((x) => x + 1),
      div(8, 2)
        .flatMap((x) => div(x, 0))
        .mapErr((e) => e.toUpperCase()),
    ].map(String),
    or: [div(1, 0).or(-1), div(4, 2).or(-1)],
    all: [Result.all([div(2, 1), div(6, 2)]), Result.all([div(2, 1), div(6, 0), div(1, 0)])].map(String),
    from: [Result.from(() => JSON.parse('[1]')), Result.from(() => JSON.parse('['))].map(String),
    do: [calc(12, 2, 3), calc(1, 2, 0)].map(String),
    v: [v({ name: 'Ann', age: 3 }), v({ name: 'toolongname' })].map(String),
  };
};
