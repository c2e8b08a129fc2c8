// Operators of low precedence in combination.
export default () => {
  let a,
    b,
    c,
    i = 0;
  a = b = c = 5;
  const t = [
    true ? (false ? 1 : 2) : 3,
    (1, 2),
    (i++, (i += 2), i),
    !0 + !0,
    -'3' + +'4',
    typeof typeof 1,
    !!'0' + !'',
    1 < 2 < 3,
    3 > 2 > 1,
    1 + +'1' + '1',
    '1' - -'1',
    'b' + 'a' + +'a' + 'a',
    [] + {},
    2 + 3 + '5',
    '5' + 2 - 3,
    1 ? 2 : 3 ? 4 : 5,
    null ?? (0 || 'x'),
    (a, b),
    (a === b) === true,
    void 0 ?? 'v',
    5 & (6 === 6),
    ~-1,
    -(-1),
    +-+1,
    10 - 5 - 2,
    2 ** (3 ** 0),
    100 / 10 / 5,
    (7 % 4) % 2,
    'a' in { a: 1 } === true,
    new Date(0) - 0,
    new Array(3).length,
    new (class {
      v = 7;
    })().v,
    (() => 1)() + (() => 2)(),
    1 ? (i = 9) : 0,
  ];
  return { t: t.map((v) => (Object.is(v, -0) ? '-0' : v)), i, abc: [a, b, c] };
};
