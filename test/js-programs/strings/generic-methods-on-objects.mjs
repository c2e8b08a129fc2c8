// String methods borrowed for numbers, arrays, booleans and objects; the HTML methods.
export default () => {
  const S = String.prototype;
  const o = { toString: () => 'obj', valueOf: () => 'val' };
  return [
    S.toUpperCase.call(true),
    S.slice.call(12345, 1, 3),
    S.split.call([1, 2, 3], ','),
    S.repeat.call(o, 2),
    S.padStart.call(5, 3, 0),
    S.charAt.call({}, 1),
    S.concat.call(1, 2, 3),
    S.indexOf.call([1, [2]], '2'),
    S.at.call(null ?? 'x', 0),
    [...S[Symbol.iterator].call(123)],
    S.replace.call(1.5, '.', ','),
    S.match.call('a1', /\d/)[0],
    S.trim.call(Symbol.prototype[Symbol.toStringTag]),
    'a'.anchor('"n"'),
    'a'.bold(),
    'x'.link('u'),
    'z'.sub(),
    'f'.fontcolor('red'),
    S.valueOf.call(new String('v')),
    (() => {
      try {
        S.valueOf.call({});
      } catch (e) {
        return e.name;
      }
    })(),
    (() => {
      try {
        S.toString.call(5);
      } catch (e) {
        return e.name;
      }
    })(),
    S.normalize.call(12),
    S.codePointAt.call(9, 0),
    S.substring.call({ toString: () => 'custom' }, 0, 4),
    S.localeCompare.call(1, 1),
  ];
};
