// Numbers in words, ordinals, plurals, lists.
const one =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(
    ' ',
  );
const ten = '- - twenty thirty forty fifty sixty seventy eighty ninety'.split(' ');
const say = (n) =>
  n < 0
    ? `minus ${say(-n)}`
    : n < 20
      ? one[n]
      : n < 100
        ? ten[Math.floor(n / 10)] + (n % 10 ? `-${one[n % 10]}` : '')
        : n < 1000
          ? `${one[Math.floor(n / 100)]} hundred${n % 100 ? ` and ${say(n % 100)}` : ''}`
          : (([v, w]) => `${say(Math.floor(n / v))} ${w}${n % v ? ` ${say(n % v)}` : ''}`)(
              [
                [1e9, 'billion'],
                [1e6, 'million'],
                [1e3, 'thousand'],
              ].find(([v]) => n >= v),
            );
const ord = (n) => n + (n % 100 > 10 && n % 100 < 14 ? 'th' : (['th', 'st', 'nd', 'rd'][n % 10] ?? 'th'));
export default () => ({
  say: [0, 13, 21, 100, 342, 1000, 1234567, -45, 2000000001].map(say),
  ord: [1, 2, 3, 4, 11, 12, 13, 21, 102, 111, 113].map(ord),
  plural: ['cat', 'box', 'city', 'day', 'leaf', 'bus'].map((w) =>
    w.replace(/(s|x|z|[cs]h)$|([^aeiou])y$|(?:fe?)$|$/, (m, a, b) =>
      a ? `${a}es` : b ? `${b}ies` : m ? 'ves' : 's',
    ),
  ),
  list: [[], ['a'], ['a', 'b'], ['a', 'b', 'c']].map((x) => x.join(', ').replace(/, ([^,]*)$/, ' and $1')),
});
