// Named groups, back references by name, groups in replace and in match objects.
export default () => {
  const re = /(?<year>\d{4})-(?<month>\d{2})(?:-(?<day>\d{2}))?/u;
  const m = re.exec('on 2024-05 or');
  const {
    groups: { year, month, day = 'none' },
  } = '2024-06-07'.match(re);
  const dup = /(?<q>['"]).*?\k<q>/g;
  return {
    m: [
      m[0],
      m.index,
      m.input,
      m.length,
      Object.keys(m.groups),
      m.groups.day === undefined,
      Object.getPrototypeOf(m.groups) === null,
    ],
    ymd: [year, month, day],
    quotes: `say "it's" and 'no "x"'`.match(dup),
    swap: '2024-05-06'.replace(re, '$<day>.$<month>.$<year>$<nope>'),
    fn: '2024-05-06'.replace(re, (...a) => Object.values(a.at(-1)).join('|')),
    all: [...'a=1;b=22'.matchAll(/(?<k>\w)=(?<v>\d+)/g)].map((x) => ({ ...x.groups })),
    none: /(x)/.exec('x').groups === undefined,
    uni: 'π=3'.match(/(?<π>.)=(?<\u{3bb}>\d)/u).groups.π,
    literalK: /\k<a>/.test('k<a>'),
    before: /\k<later>(?<later>x)/.exec('x').length,
    nested: { ...'abc'.match(/(?<o>a(?<i>b)c)/).groups },
    bad: ['(?<a>x)(?<a>y)', '(?<1a>x)', '(?<a', '(?<a>)\\k<b>'].map((s) => {
      try {
        return new RegExp(s) && 'ok';
      } catch (e) {
        return e.name;
      }
    }),
  };
};
