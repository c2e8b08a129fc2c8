// Surrogate pairs: code units and code points.
export default () => {
  const s = 'a😀\u{1F468}\u200D\u{1F469}é';
  const lone = '\uD83D|\uDE00';
  return {
    length: s.length,
    points: [...s].length,
    codes: [...s].map((c) => c.codePointAt(0).toString(16)),
    at: [
      s.codePointAt(1),
      s.codePointAt(2),
      s.charCodeAt(1),
      s.codePointAt(99) ?? 'u',
      Number.isNaN(s.charCodeAt(99)),
    ],
    from: String.fromCodePoint(0x1f600, 97),
    units: String.fromCharCode(0xd83d, 0xde00, 65601),
    bad: [-1, 0x110000, 1.5, NaN, 'x'].map((n) => {
      try {
        return String.fromCodePoint(n);
      } catch (e) {
        return e.name;
      }
    }),
    rev: [[...'ab😀'].reverse().join(''), 'ab😀'.split('').reverse().join('').charCodeAt(0)],
    lone: [...lone].map((c) => c.charCodeAt(0)),
    json: JSON.stringify(lone),
    slice: s.slice(1, 3) === '😀',
    at1: s.at(-1),
    split: 'x😀'.split('').length,
    wtf: '\uD83D' + '\uDE00' === '😀',
    cmp: ['\u{1F600}' < '\uFFFF', '😀' > 'z'],
    esc: '\x41\u0042\u{43}\0\v'.length,
  };
};
