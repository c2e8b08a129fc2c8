// replace and replaceAll with patterns in the replacement, functions and edge cases.
export default () => {
  const args = [];
  'x1y22'.replace(
    /(?<l>[a-z])(\d+)/g,
    (...a) => (args.push(a.map((v) => (typeof v === 'object' ? { ...v } : v))), ''),
  );
  let bad;
  try {
    'a'.replaceAll(/a/, '');
  } catch (e) {
    bad = e.name;
  }
  return [
    'aaa'.replace('a', 'b'),
    'aaa'.replaceAll('a', 'b'),
    'abc'.replaceAll('', '-'),
    'a.b.c'.replaceAll('.', '$$'),
    'John Smith'.replace(/(\w+)\s(\w+)/, '$2, $1'),
    'abc'.replace('b', "[$`|$&|$']"),
    'abc'.replace(/b/, '$0$1$10'),
    'abcdefghijkl'.replace(/(a)(b)(c)(d)(e)(f)(g)(h)(i)(j)(k)/, '$11-$10-$1'),
    '2020-01'.replace(/(?<y>\d+)-(?<m>\d+)/, '$<m>/$<y>/$<none>'),
    'x'.replace('x', '$<n>'),
    'a-b-c'.replace(/-/g, () => '$&'),
    'aaa'.replace(/a/g, (m, off) => off),
    'abc'.replace(/(z)?b/, (m, z) => typeof z),
    'abc'.replace('b', (m, i, s) => m + i + s),
    'aXbX'.replaceAll('X', (m, i) => i),
    'undefined'.replace(undefined, 'd'),
    'abc'.replace('b'),
    'a'.replace('a', null),
    'aa'.replace(/a/y, 'b'),
    'xaxa'.replace(/a/gy, 'b'),
    'abab'.replaceAll(/(a)(b)/g, '$2$1'),
    '😀'.replace(/./, 'x').length,
    '😀'.replace(/./u, 'x'),
    'abc'.replace(/$/, '!'),
    'abc'.replace(/^|$/g, '|'),
    'aBc'.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`),
    'x'.replace({ [Symbol.replace]: (s, r) => `custom ${s} ${r}` }, 'r'),
    'aaaa'.replaceAll('aa', 'b'),
    bad,
    args,
  ];
};
