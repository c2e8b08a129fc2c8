// Which operations copy and which return the same array.
export default () => {
  const a = [1, [2]];
  const same = (f) => f(a) === a;
  return [
    same((x) => x.slice()),
    same((x) => [...x]),
    same((x) => x.concat()),
    same((x) => Array.from(x)),
    same((x) => x.reverse().reverse()),
    same((x) => x.sort()),
    same((x) => x.fill(9, 5)),
    same((x) => x.copyWithin(0, 0)),
    same((x) => x.filter(() => true)),
    same((x) => x.map((y) => y)),
    same((x) => x.flat()),
    same((x) => x.toSorted()),
    same((x) => Object.assign(x, {})),
    same((x) => Object.freeze([...x])),
    same((x) => x.valueOf()),
    same((x) => x.splice(0, 0)),
    same((x) => x.with(0, x[0])),
    a.slice()[1] === a[1],
    structuredClone(a)[1] === a[1],
    a.length,
  ];
};
