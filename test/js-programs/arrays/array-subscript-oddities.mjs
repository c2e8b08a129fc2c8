// at, property keys, methods on Array.prototype, unscopables, toString and nested joins.
export default () => {
  const a = ['a', 'b', 'c'];
  a.name = 'n';
  const cyc = [1];
  cyc.push(cyc, 2);
  const un = Object.keys(Array.prototype[Symbol.unscopables]).sort();
  const ts = [
    [1, 2].toString(),
    Array.prototype.toString.call({ join: () => 'joined' }),
    Array.prototype.toString.call({ join: 5 }),
    String([[[]]]),
    String([{}, [1, [2]]]),
  ];
  const protoSet = (() => {
    const d = Object.getOwnPropertyDescriptor(Array.prototype, 1);
    Object.defineProperty(Array.prototype, 1, { set() {}, get: () => 'proto', configurable: true });
    const x = [0, , 2];
    const seen = [x[1], 1 in x, Object.hasOwn(x, 1), [...x], x.indexOf('proto')];
    delete Array.prototype[1];
    return [...seen, d === undefined];
  })();
  return {
    at: [a.at(0), a.at(-1), a.at(-4) ?? 'u', a.at(1.9), a.at('x'), a.at(Infinity) ?? 'u'],
    keys: Object.keys(a),
    forIn: (() => {
      const k = [];
      for (const i in a) k.push(i);
      return k;
    })(),
    len: a.length,
    cyc: String(cyc),
    un,
    ts,
    protoSet,
    cmp: [[] == '', [0] == false, [1] == 1, [[]] == 0, [1, 2] == '1,2', [] == ![]],
    typeofs: [
      typeof [],
      [] instanceof Object,
      Array.prototype.constructor === Array,
      Array.isArray(Array.prototype),
      Array.prototype.length,
    ],
    values: Array.prototype[Symbol.iterator] === Array.prototype.values,
    min: Math.min(...[]) === Infinity,
    assign: Object.assign([1, 2, 3], [9]),
    destruct: (({ 0: x, length }) => [x, length])(a),
    neg: (() => {
      const n = [];
      n[-1] = 1;
      return [n.length, n[-1]];
    })(),
  };
};
