// find, findIndex, findLast, findLastIndex, indexOf, includes: holes, NaN, fromIndex.
export default () => {
  const a = [1, , 3, NaN, 3, undefined];
  const seen = [];
  a.find((v, i) => {
    seen.push(`${i}:${v}`);
    return false;
  });
  a.findLast((v, i) => {
    seen.push(`${i}:${v}`);
    return i === 4;
  });
  const grow = [1, 2, 3];
  const visited = [];
  grow.findIndex((v) => {
    visited.push(v);
    grow.push(9);
    grow[1] = 'x';
    return false;
  });
  return {
    seen,
    visited,
    find: [
      a.find((v) => v > 1),
      a.findIndex((v) => v > 1),
      a.findLast((v) => v > 1),
      a.findLastIndex((v) => v > 1),
      a.find((v) => v > 9) ?? 'none',
      a.findIndex((v) => v > 9),
      a.findLastIndex((v) => v > 9),
    ],
    idx: [
      a.indexOf(3),
      a.indexOf(3, 3),
      a.indexOf(3, -2),
      a.indexOf(NaN),
      a.indexOf(undefined),
      a.lastIndexOf(3),
      a.lastIndexOf(3, 3),
      a.lastIndexOf(3, -3),
      a.lastIndexOf(1, -99),
      [1].indexOf(1, 5),
      [].lastIndexOf(1),
      [1, 2, 1].lastIndexOf(1, undefined),
    ],
    inc: [
      a.includes(NaN),
      a.includes(undefined),
      [,].includes(undefined),
      [,].indexOf(undefined),
      [0].includes(-0),
      a.includes(1, 1),
      a.includes(3, -2),
      ['1'].includes(1),
    ],
    like: [
      Array.prototype.findLast.call('hello', (c) => c < 'i'),
      Array.prototype.includes.call({ length: 1, 0: 'q' }, 'q'),
      Array.prototype.indexOf.call('abc', 'c'),
    ],
    thisArg: [1, 2].find(
      function (v) {
        return v === this.v;
      },
      { v: 2 },
    ),
    some: [
      [].some(Boolean),
      [].every(Boolean),
      [, 1].some((v) => v === undefined),
      [, 1].every((v) => v === 1),
    ],
  };
};
