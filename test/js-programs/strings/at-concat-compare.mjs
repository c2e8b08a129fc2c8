// at, charAt, indexing, concat, comparison by code unit, and the wrapper object.
export default () => {
  const s = 'hello';
  const w = new String('ab');
  w.extra = 1;
  return {
    at: [s.at(0), s.at(-1), s.at(9) ?? 'u', s.at(-9) ?? 'u', s.at(1.7), s.at('2'), s.at(NaN)],
    charAt: [s.charAt(), s.charAt(4), s.charAt(5), s.charAt(-1)],
    idx: [s[1], s['1'], s[-1] ?? 'u', s['01'] ?? 'u', 'length' in w, '1' in w, s.hasOwnProperty(0)],
    concat: ['a'.concat(1, null, [2, 3], {}), ''.concat(), 'x'.concat(undefined)],
    cmp: ['a' < 'b', 'a' < 'B', 'a' > '', 'abc' < 'abd', '10' < '2', 'Z' < 'a', 'é' > 'z'],
    wrapper: [
      typeof w,
      w == 'ab',
      w === 'ab',
      w + '',
      Object.keys(w),
      w.length,
      [...w],
      JSON.stringify(w),
      new String('ab') == new String('ab'),
      Object('x') instanceof String,
    ],
    desc: Object.getOwnPropertyDescriptor('abc', 1),
    sorted: ['b', 'a', 'C', 'ä', 'z', '10', '9', ''].sort(),
    conv: [
      String(null),
      String([1, [2]]),
      String({}),
      String(Symbol('d')),
      String(-0),
      String(1e21),
      `${[]}`,
      String(() => 1).length,
    ],
  };
};
