// The small operators: comma, void, typeof, in, instanceof, delete, unary plus and minus.
export default () => {
  let i = 0;
  const comma = (i++, i++, i);
  class Even {
    static [Symbol.hasInstance](n) {
      return n % 2 === 0;
    }
  }
  const arr = [1, , 3];
  const o = { x: 1 };
  const gone = [delete o.x, delete o.missing, 'x' in o, delete arr[0], arr.length];
  const types = [
    undefined,
    null,
    1,
    1n,
    's',
    Symbol(),
    {},
    [],
    () => {},
    class {},
    /x/,
    new String('s'),
    async () => {},
  ].map((v) => typeof v);
  return {
    comma,
    void: void 0 === undefined,
    types,
    gone,
    in: [0 in arr, 1 in arr, 2 in arr, 'length' in arr, 'toString' in {}],
    instance: [
      2 instanceof Even,
      3 instanceof Even,
      [] instanceof Object,
      Object.create(null) instanceof Object,
      (() => {}) instanceof Function,
    ],
    unary: [
      +'12',
      -'3',
      +true,
      +[],
      +[5],
      +'0x1f',
      +' 7 ',
      +new Date(5),
      ~5,
      ~~-7.9,
      !!'',
      !'0',
      -(-4),
      +'1e3',
    ],
    pre: [i++ + ++i, i-- - --i, i],
    nan: [+'x', +{}, +undefined, +[1, 2]].map(Number.isNaN),
  };
};
