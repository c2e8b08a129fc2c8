// Classes, ranges, escapes, word boundaries, control characters, the legacy syntax.
export default () => {
  const s = Array.from({ length: 128 }, (_, i) => String.fromCharCode(i)).join('');
  const pick = (re) => JSON.stringify((s.match(re) ?? []).join(''));
  return {
    d: pick(/\d/g),
    w: pick(/\w/g),
    notW: pick(/[^\w\s]/g),
    ws: pick(/\s/g),
    dash: pick(/[a\-c]/g),
    dashEnd: pick(/[ac-]/g),
    dashClass: pick(/[\w-a]/g).length,
    caret: pick(/[a^]/g),
    bracket: pick(/[\]\[]/g),
    range: pick(/[!-/:-@]/g),
    ctrl: pick(/[\cA-\cC\x1f\0]/g),
    back: pick(/[\b]/g),
    esc: pick(/[\t\n\v\f\r]/g),
    oct: pick(/[\101-\103]/g),
    hex: pick(/\x41|\u0042/g),
    dot: pick(/./g).length,
    empty: [/[]/.test('a'), /[^]/.test('')],
    iden: [
      /\a/.test('a'),
      /\-/.test('-'),
      /]/.test(']'),
      /{/.test('{'),
      /}/.test('}'),
      /\c/.test('\\c'),
      /\8/.test('8'),
      /\1(a)/.exec('a')[0],
    ],
    strict: ['\\a', ']', '{', '\\-', 'a{', '\\1', '[b-a]', '(?', '*', 'a**', '\\c', '[\\d-a]'].map((p) =>
      ['', 'u'].map((f) => {
        try {
          new RegExp(p, f);
          return 'ok';
        } catch (e) {
          return e.name;
        }
      }),
    ),
    uni: [
      /[\u{1F600}-\u{1F64F}]/u.test('😀'),
      /\u{1F600}/u.test('😀'),
      /[^\x00-\x7f]/.test('é'),
      /[а-я]/i.test('Ж'),
      /\S/u.exec('😀')[0].length,
    ],
  };
};
