// How objects become primitives: Symbol.toPrimitive, valueOf, toString and the hints they get.
const nameOf = (f) => {
  try {
    return f();
  } catch (e) {
    return e.name;
  }
};
export default () => {
  const hints = [];
  const p = {
    [Symbol.toPrimitive](hint) {
      hints.push(hint);
      return hint === 'number' ? 42 : hint === 'string' ? 'str' : 'def';
    },
  };
  const uses = [
    +p,
    `${p}`,
    p + '',
    p + 1,
    p * 2,
    p == 'def',
    p < 50,
    { str: 1 }[p],
    Math.max(p, 1),
    String(p),
    Number(p),
    [p].join(),
    p - 1,
    parseInt(p) || 'nan',
  ];
  const order = [];
  const v = {
    valueOf() {
      order.push('v');
      return {};
    },
    toString() {
      order.push('s');
      return '7';
    },
  };
  const w = { valueOf: () => 3, toString: () => 'three' };
  return {
    uses,
    hints,
    order: [v * 2, `${v}`, order.join('')],
    w: [w + 1, `${w}`, w * w, [w] + '', w == 3, w == 'three'],
    arrays: [[] + [], [1, 2] + [3], [] + {}, [[1, [2, 3]], 4] + '', [null, undefined, 1] + ''],
    dates: [typeof (new Date(0) + 1), new Date(5) - 1, typeof (new Date(0) - 0)],
    bad: [
      nameOf(() => +{ valueOf: () => ({}), toString: () => ({}) }),
      nameOf(() => `${Symbol('s')}`),
      nameOf(() => +Symbol()),
      nameOf(() => +1n),
      nameOf(() => 1n + 1),
      nameOf(() => `${{ [Symbol.toPrimitive]: 1 }}`),
      nameOf(() => `${Object.create(null)}`),
    ],
    nullPrim: `${{ [Symbol.toPrimitive]: null, toString: () => 'fallback' }}`,
  };
};
