// padStart, padEnd, repeat, trim and the characters that count as white space.
const nameOf = (f) => {
  try {
    return f();
  } catch (e) {
    return e.name;
  }
};
export default () => {
  const ws = '\t\n\v\f\r \u00a0\u1680\u2000\u200a\u2028\u2029\u202f\u205f\u3000\ufeff';
  return {
    pad: [
      '5'.padStart(3, '0'),
      'abc'.padStart(2),
      'x'.padStart(6, 'abc'),
      'x'.padEnd(6, 'abc'),
      'x'.padStart(4),
      'x'.padEnd(5, ''),
      'x'.padStart(3, undefined),
      'x'.padEnd(NaN, 'y'),
      'x'.padStart(2, '😀').length,
      'x'.padStart('4', 7),
    ],
    repeat: [
      'ab'.repeat(3),
      'ab'.repeat(0),
      'ab'.repeat(2.9),
      ''.repeat(1e9),
      nameOf(() => 'a'.repeat(-1)),
      nameOf(() => 'a'.repeat(Infinity)),
      'a'.repeat('2'),
      'x'.repeat(),
    ],
    trim: [
      `${ws}a${ws}`.trim(),
      `${ws}a`.trimStart(),
      `a${ws}`.trimEnd(),
      ws.trim().length,
      '\u200b\u180ea'.trim().length,
      ' a b '.trim(),
    ],
    names: [String.prototype.trimLeft === String.prototype.trimStart, String.prototype.trimRight.name],
    number: [Number(ws), Number(`${ws}1${ws}`), Number.isNaN(Number('\u200b1'))],
    regex: [...ws].every((c) => /\s/.test(c)),
  };
};
