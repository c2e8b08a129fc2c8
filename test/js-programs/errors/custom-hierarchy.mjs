// A hierarchy of errors with codes, causes, serialisation and matching.
class AppError extends Error {
  static code = 'APP';
  constructor(msg, { cause, ...data } = {}) {
    super(msg, cause === undefined ? undefined : { cause });
    this.data = data;
  }
  get name() {
    return this.constructor.name;
  }
  get code() {
    return this.constructor.code;
  }
  toJSON() {
    return {
      name: this.name,
      code: this.code,
      message: this.message,
      data: this.data,
      ...(this.cause && { cause: this.cause instanceof AppError ? this.cause.toJSON() : String(this.cause) }),
    };
  }
  *chain() {
    for (let e = this; e; e = e.cause) yield e;
  }
  static wrap(f, ...a) {
    try {
      return f();
    } catch (cause) {
      throw cause instanceof this ? cause : new this(a[0] ?? 'wrapped', { cause });
    }
  }
}
class NotFound extends AppError {
  static code = 'NOT_FOUND';
  constructor(what, o) {
    super(`${what} not found`, { what, ...o });
  }
}
class Invalid extends AppError {
  static code = 'INVALID';
  #issues = [];
  add(path, msg) {
    this.#issues.push(`${path}: ${msg}`);
    return this;
  }
  get message() {
    return this.#issues.join('; ');
  }
  get ok() {
    return this.#issues.length === 0;
  }
}
const match = (e, table) => {
  for (const [K, f] of table) if (e instanceof K) return f(e);
  throw e;
};
export default () => {
  const get = (f) => {
    try {
      return f();
    } catch (e) {
      return e;
    }
  };
  const e1 = get(() => AppError.wrap(() => NotFound.wrap(() => null.x, 'inner'), 'outer'));
  const e2 = get(() => AppError.wrap(() => JSON.parse('?'), 'bad config'));
  const v = new Invalid('unused').add('a.b', 'required').add('c', 'too long');
  return {
    e1: [e1.name, e1.message, [...e1.chain()].map((e) => e.name)],
    e2: [String(e2), e2.cause.name],
    json: JSON.parse(
      JSON.stringify(new AppError('top', { id: 7, cause: new NotFound('user', { cause: 'disk' }) })),
    ),
    v: [v.message, v.ok, `${v}`, v.code],
    match: [new NotFound('x'), v, new AppError('z')].map((e) =>
      match(e, [
        [NotFound, (x) => x.data.what],
        [Invalid, () => 'invalid'],
        [AppError, (x) => x.code],
      ]),
    ),
    inst: [v instanceof AppError, v instanceof NotFound, AppError.prototype.isPrototypeOf(v)],
    unmatched: get(() => match(new RangeError('r'), [[AppError, () => 1]])).name,
  };
};
