// The three ways to cut a string, with odd arguments.
export default () => {
  const s = 'abcdefgh';
  const args = [
    [2],
    [2, 5],
    [5, 2],
    [-3],
    [-3, -1],
    [0, -2],
    [NaN, 3],
    [undefined, 2],
    [1.9, 3.1],
    [3, undefined],
    [3, null],
    [-100, 100],
    [100],
    ['1', '3'],
    [Infinity],
    [-Infinity, Infinity],
    [],
  ];
  return Object.fromEntries(['slice', 'substring', 'substr'].map((m) => [m, args.map((a) => s[m](...a))]));
};
