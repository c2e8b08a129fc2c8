// concat with Symbol.isConcatSpreadable, array-likes, holes and species.
export default () => {
  const like = { length: 2, 0: 'a', 1: 'b', [Symbol.isConcatSpreadable]: true };
  const closed = Object.assign([1, 2], { [Symbol.isConcatSpreadable]: false });
  const holes = [1, , 2].concat([, 3]);
  class Spec extends Array {
    static get [Symbol.species]() {
      return function (n) {
        this.made = n;
      };
    }
  }
  const viaSpecies = new Spec(1, 2).map((x) => x);
  return {
    like: [0].concat(like),
    closed: [0].concat(closed).length,
    nested: [1].concat([2, [3]], 4, [[5]]),
    str: ['a'].concat('bc'),
    holes: [holes.length, 1 in holes, 3 in holes],
    none: [1].concat().length,
    undef: [].concat(undefined, null).length,
    prim: Array.prototype.concat.call(5, 6).map(String),
    sparse: [].concat({ length: 3, [Symbol.isConcatSpreadable]: true }).length,
    species: { ...viaSpecies },
    ctor: (() => {
      const a = [1, 2];
      a.constructor = { [Symbol.species]: null };
      return Array.isArray(a.map((x) => x));
    })(),
    badCtor: (() => {
      const a = [1];
      a.constructor = 5;
      try {
        a.map((x) => x);
        return 'ok';
      } catch (e) {
        return e.name;
      }
    })(),
    undefCtor: (() => {
      const a = [1];
      a.constructor = undefined;
      return a.filter(() => true);
    })(),
  };
};
