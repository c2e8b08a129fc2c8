// toSorted, toReversed, toSpliced, with: new arrays, the old one untouched.
const nameOf = (f) => {
  try {
    return f();
  } catch (e) {
    return e.name;
  }
};
export default () => {
  const a = Object.freeze([3, 1, 2]);
  const holes = [1, , 3];
  class Sub extends Array {}
  const s = Sub.of(2, 1);
  return {
    sorted: a.toSorted(),
    desc: a.toSorted((x, y) => y - x),
    rev: a.toReversed(),
    spliced: [
      a.toSpliced(1, 1),
      a.toSpliced(1, 0, 'x', 'y'),
      a.toSpliced(-1),
      a.toSpliced(),
      a.toSpliced(undefined),
      a.toSpliced(0, undefined, 9),
      a.toSpliced(1, 99, 'z'),
    ],
    with: [
      a.with(0, 9),
      a.with(-1, 9),
      nameOf(() => a.with(3, 1)),
      nameOf(() => a.with(-4, 1)),
      a.with('1', 5),
    ],
    a,
    holes: [holes.toReversed(), holes.toSorted(), holes.with(0, 0), holes.toSpliced(0, 0)].map((h) => [
      1 in h,
      2 in h,
      h.map((v) => v ?? 'u'),
    ]),
    sub: [s.toSorted().constructor.name, s.toReversed().constructor.name, s.with(0, 1).constructor.name],
    like: [
      Array.prototype.toReversed.call('abc'),
      Array.prototype.with.call({ length: 2, 0: 'a' }, 1, 'b'),
      Array.prototype.toSorted.call({ length: 2, 0: 2, 1: 1 }),
    ],
    errs: [
      nameOf(() => a.toSorted(5)),
      nameOf(() => Array.prototype.toReversed.call({ length: 2 ** 32 })),
      nameOf(() => Array.prototype.toSpliced.call(null)),
    ],
    chain: [5, 3, 8].toSorted().with(0, 99).toReversed().toSpliced(1, 1),
    lens: ['toSorted', 'toReversed', 'toSpliced', 'with', 'findLast'].map((n) => [][n].length),
  };
};
