// What JSON.parse takes and what it refuses.
const p = (s) => {
  try {
    const v = JSON.parse(s);
    return Object.is(v, -0) ? '-0' : v;
  } catch (e) {
    return e.name;
  }
};
export default () => ({
  good: [
    ' 1 ',
    '-0',
    '1e3',
    '1E-2',
    '0.5',
    '"\\u0041\\n\\/\\""',
    '"\u2028"',
    '[]',
    '{"a":{"b":[1,2,{"c":null}]}}',
    '{"a":1,"a":2}',
    '"😀"',
    '"\\ud83d\\ude00"',
    'true',
    '\t\n\r [1 , 2]',
    '{"":1}',
    '1e400',
    '123456789012345678901234567890',
    '"\u007f"',
  ].map((s) => {
    const v = p(s);
    return v === Infinity ? 'Infinity' : v;
  }),
  bad: [
    '',
    ' ',
    '01',
    '1.',
    '.5',
    '+1',
    '--1',
    '0x1',
    'NaN',
    'undefined',
    "'a'",
    '[1,]',
    '{"a":1,}',
    '{a:1}',
    '[1 2]',
    '"\n"',
    '"\\x41"',
    '"\\u12"',
    '"abc',
    '{',
    ']',
    '1 2',
    '\u00a01',
    '\ufeff1',
    '// c\n1',
    'nul',
    'tru',
    '"\t"',
    '[,1]',
    '{"a"}',
    '1e',
    '-',
    '"\\',
  ].map(p),
  conv: [p(null), p(5), p(['1']), p({ toString: () => '[2]' }), p(undefined)],
});
