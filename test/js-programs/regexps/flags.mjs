// Every flag: g i m s u y d, their getters, and flags in alphabetical order.
export default () => {
  const r = /a/dgimsuy;
  const only = (f) => new RegExp('a', f);
  const generic = Object.getOwnPropertyDescriptor(RegExp.prototype, 'flags').get.call({
    global: 1,
    sticky: true,
    hasIndices: 1,
  });
  return {
    flags: [r.flags, only('').flags, only('yg').flags],
    each: 'dgimsuy'.split('').map((f) => {
      const x = only(f);
      return [x.hasIndices, x.global, x.ignoreCase, x.multiline, x.dotAll, x.unicode, x.sticky]
        .map(Number)
        .join('');
    }),
    dotAll: [/a.b/.test('a\nb'), /a.b/s.test('a\nb'), /a.b/s.test('a\u2028b'), /^.$/.test('\r')],
    multi: ['a\nb\r\nc'.match(/^\w$/gm), 'a\nb'.match(/^\w$/g)],
    ignore: [
      /É/i.test('é'),
      /ß/i.test('SS'),
      /\u212a/i.test('k'),
      /\u212a/iu.test('k'),
      /[^x]/i.test('X'),
      /[a-z]/i.test('\u017f'),
      /[a-z]/iu.test('\u017f'),
      /\w/iu.test('\u017f'),
      /σ/i.test('ς'),
    ],
    unicode: [
      /^.$/.test('😀'),
      /^.$/u.test('😀'),
      /\u{61}/.test('a'),
      /\u{61}/u.test('a'),
      /^[😀]$/u.test('😀'),
      /[^a]/u.exec('😀')[0].length,
    ],
    generic,
    str: [
      String(r),
      new RegExp('/').source,
      String(new RegExp('')),
      new RegExp('\n').source,
      RegExp('[/]').source,
    ],
    bad: ['gg', 'x', 'G'].map((f) => {
      try {
        only(f);
      } catch (e) {
        return e.name;
      }
    }),
    protoGet: [RegExp.prototype.global === undefined, RegExp.prototype.flags, RegExp.prototype.source],
  };
};
