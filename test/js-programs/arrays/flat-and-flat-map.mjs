// flat and flatMap at all depths, with holes, strings, typed arrays and array-likes.
export default () => {
  const deep = [1, [2, [3, [4, [5]]]]];
  const nest = (n) => (n ? [nest(n - 1)] : 'core');
  return {
    flat: [
      deep.flat(),
      deep.flat(2),
      deep.flat(Infinity),
      deep.flat(0),
      deep.flat(-1),
      deep.flat('1'),
      [[], [[]], [[[]]]].flat(Infinity),
      nest(50).flat(49),
      nest(20).flat(Infinity),
    ],
    holes: [[1, , [2, , 3]].flat(), [, [,]].flat().length],
    str: ['ab', ['cd']].flat(),
    map: [
      [1, 2].flatMap((x) => [x, x * 2]),
      [1, 2].flatMap((x) => [[x]]),
      [1, 2, 3].flatMap((x) => (x % 2 ? [] : x)),
      ['a b', 'c'].flatMap((s) => s.split(' ')),
      [5].flatMap((v, i, arr) => [v, i, arr.length]),
      [1, 2].flatMap(
        function () {
          return this.z;
        },
        { z: 'zz' },
      ),
    ],
    typed: [[new Uint8Array([1, 2])].flat().length, [{ length: 1, 0: 'a' }].flat().length],
    like: Array.prototype.flat.call({ length: 2, 0: [1], 1: [[2]] }),
    errs: [() => [].flatMap(), () => [].flatMap(1)].map((f) => {
      try {
        return f();
      } catch (e) {
        return e.name;
      }
    }),
  };
};
