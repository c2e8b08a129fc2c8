// splice with every kind of argument, slice, and what they leave behind.
export default () => {
  const t = (...args) => {
    const a = ['a', 'b', 'c', 'd', 'e'];
    const r = a.splice(...args);
    return [r.join(''), a.join('')];
  };
  const holes = [1, , 3, , 5];
  const cut = holes.splice(1, 2);
  const like = { length: 3, 0: 'x', 1: 'y', 2: 'z' };
  const removed = Array.prototype.splice.call(like, 0, 1);
  const s = [1, 2, 3, 4, 5];
  return {
    splice: [
      t(),
      t(2),
      t(1, 2),
      t(1, 0, 'X', 'Y'),
      t(-2),
      t(-2, 1, 'Z'),
      t(99, 1, 'end'),
      t(0, 99),
      t(0, -1, '!'),
      t(undefined),
      t(1, undefined),
      t(1, 1, 'p', 'q', 'r'),
      t(1, 3, 's'),
      t('1', '2'),
      t(NaN, 1),
      t(1.9, 1.9),
    ],
    holes: [cut.length, 0 in cut, holes.length, 1 in holes, Array.from(holes, (v) => v ?? 'u')],
    like,
    removed,
    slice: [
      s.slice(),
      s.slice(1, 3),
      s.slice(-2),
      s.slice(2, -1),
      s.slice(3, 1),
      s.slice(undefined, 2),
      s.slice(null),
      s.slice(-99, 99),
      s.slice('1', '3'),
      Array.prototype.slice.call('abc', 1),
      Array.prototype.slice.call({ length: 2, 1: 'q' }).length,
    ],
    copy: s.slice() !== s,
    len: (() => {
      const a = [1, 2, 3];
      a.length = 1;
      a.length = 3;
      return [1 in a, a.length];
    })(),
  };
};
