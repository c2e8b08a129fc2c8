// Symbols: identity, the registry, descriptions, conversions, as keys.
const t = (f) => {
  try {
    const r = f();
    return r === undefined ? 'undefined' : r;
  } catch (e) {
    return e.name;
  }
};
export default () => {
  const a = Symbol('a');
  const o = { [a]: 1, plain: 2, [Symbol.for('reg')]: 3 };
  const fixed = [
    'hasInstance',
    'iterator',
    'asyncIterator',
    'toPrimitive',
    'toStringTag',
    'species',
    'match',
    'matchAll',
    'replace',
    'search',
    'split',
    'unscopables',
    'isConcatSpreadable',
  ];
  return {
    id: [
      Symbol('a') === Symbol('a'),
      Symbol.for('x') === Symbol.for('x'),
      a === Object(a).valueOf(),
      Object(a) == a,
    ],
    keyFor: [
      Symbol.keyFor(Symbol.for('x')),
      t(() => Symbol.keyFor(a)),
      t(() => Symbol.keyFor(Symbol.iterator)),
      t(() => Symbol.keyFor('s')),
    ],
    desc: [
      a.description,
      t(() => Symbol().description),
      Symbol('').description,
      Symbol.iterator.description,
      Symbol(undefined).toString(),
      Symbol(null).description,
      Symbol({}).description,
    ],
    conv: [
      String(a),
      a.toString(),
      t(() => `${a}`),
      t(() => a + ''),
      t(() => +a),
      Boolean(a),
      !a,
      t(() => new Symbol()),
      typeof Object(a),
      t(() => a > 1),
      a == 'a',
      JSON.stringify({ [a]: 1, b: a }),
      JSON.stringify([a]),
    ],
    keys: [
      Object.keys(o),
      Object.getOwnPropertySymbols(o).map(String),
      a in o,
      JSON.stringify(o),
      Object.entries(o).length,
      { ...o }[a],
      Object.assign({}, o)[Symbol.for('reg')],
    ],
    well: fixed
      .map((n) => {
        const d = Object.getOwnPropertyDescriptor(Symbol, n);
        return (
          typeof Symbol[n] === 'symbol' &&
          String(Symbol[n]) === `Symbol(Symbol.${n})` &&
          !d.writable &&
          !d.configurable
        );
      })
      .every(Boolean),
    sw: (() => {
      switch (a) {
        case Symbol('a'):
          return 'no';
        case a:
          return 'same';
      }
    })(),
    map: new Map([[a, 'm']]).get(a),
    assign: t(() => {
      a.x = 1;
    }),
    proto: Symbol.prototype[Symbol.toStringTag],
    names: [{ [a]() {} }[a].name, { [Symbol()]: () => {} }[Object.getOwnPropertySymbols({})[0]] ?? 'none'],
  };
};
