// The error constructors: names, prototypes, message, cause, what is enumerable.
export default () => {
  const kinds = [Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError];
  const rows = kinds.map((K) => {
    const e = new K('m', { cause: 'c' });
    return [
      K.name,
      K.length,
      e.name,
      e.message,
      e.cause,
      Object.keys(e),
      Object.hasOwn(e, 'name'),
      Object.hasOwn(e, 'message'),
      e instanceof Error,
      K() instanceof K,
      Object.getPrototypeOf(K).name,
      String(e),
      Object.prototype.toString.call(e),
    ];
  });
  const d = (k) => {
    const x = Object.getOwnPropertyDescriptor(new Error('m', { cause: 1 }), k);
    return [x.writable, x.enumerable, x.configurable];
  };
  const a = new AggregateError([1, new TypeError('t')], 'agg', { cause: 0 });
  return {
    rows,
    d: [d('message'), d('cause')],
    none: [
      'message' in new Error(),
      Object.hasOwn(new Error(), 'message'),
      Object.hasOwn(new Error(undefined), 'message'),
      Object.hasOwn(new Error('x', {}), 'cause'),
      Object.hasOwn(new Error('x', { cause: undefined }), 'cause'),
      Object.hasOwn(new Error('x', 5), 'cause'),
    ],
    conv: [new Error(5).message, new Error(null).message, new Error({}).message, new Error([1, 2]).message],
    agg: [
      a.name,
      a.message,
      a.errors.length,
      a.errors[1].name,
      a.cause,
      Object.keys(a),
      AggregateError.length,
      new AggregateError('ab').errors,
    ],
    toStr: [
      { name: 'N', message: 'M' },
      { name: '', message: 'M' },
      { name: 'N', message: '' },
      {},
      { name: undefined, message: 'x' },
    ].map((o) => Error.prototype.toString.call(o)),
    proto: [Error.prototype.name, Error.prototype.message, Object.hasOwn(TypeError.prototype, 'toString')],
    stackType: typeof new Error().stack,
  };
};
