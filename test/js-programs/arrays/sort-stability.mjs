// sort is stable, puts undefined and holes last, compares as strings by default.
export default () => {
  const people = Array.from({ length: 200 }, (_, i) => ({ id: i, key: (i * 7919) % 10 }));
  const sorted = people.toSorted((a, b) => a.key - b.key);
  const stable = sorted.every((p, i) => i === 0 || sorted[i - 1].key < p.key || sorted[i - 1].id < p.id);
  const holes = [3, , undefined, 1, , 2].sort();
  let undefinedSeen = 0;
  [undefined, 2, undefined, 1].sort((a, b) => {
    if (a === undefined || b === undefined) undefinedSeen++;
    return a - b;
  });
  const errs = [5, null, 'x', {}].map((c) => {
    try {
      [1, 2].sort(c);
      return 'ok';
    } catch (e) {
      return e.name;
    }
  });
  const thrown = (() => {
    try {
      [1, 2, 3].sort(() => {
        throw new RangeError();
      });
    } catch (e) {
      return e.name;
    }
  })();
  const like = Array.prototype.sort.call({ length: 3, 0: 'c', 1: 'a', 2: 'b' });
  return {
    stable,
    first: sorted.slice(0, 3).map((p) => p.id),
    def: [10, 9, 1, 100, -1, 'b', 'B', true, null].sort().map(String),
    holes: [holes.length, 4 in holes, 3 in holes, holes.slice(0, 3)],
    undefinedSeen,
    errs,
    thrown,
    like,
    same: (() => {
      const a = [2, 1];
      return a.sort() === a;
    })(),
    desc: [3, 1, 2].sort((a, b) => b - a),
    bool: [3, 1, 2].sort((a, b) => (a < b ? -1 : 1)),
    nan: [2, 1].sort(() => NaN),
    big: [3n, 1, 2n].sort((a, b) => (a < b ? -1 : 1)).map(String),
    multi: ['bb', 'a', 'ccc', 'aa', 'b'].sort((a, b) => a.length - b.length || (a < b ? -1 : 1)),
  };
};
