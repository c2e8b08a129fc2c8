// Recipes with a replacing function.
export default () => [
  'a-b-c'.replace(/-(.)/g, (_, c) => c.toUpperCase()),
  'x=1,y=2'.replace(/(\w)=(\d)/g, (_, k, v) => `${v}=${k}`),
  'aAbB'.replace(/[a-z]/gi, (c) => (c === c.toUpperCase() ? c.toLowerCase() : c.toUpperCase())),
  '3 apples and 10 pears'.replace(/\d+/g, (n) => n * 2),
  '1234567.891'.replace(/\d(?=(\d{3})+\.)/g, '$&,'),
  'tel 555-1234'.replace(/\d(?=.*\d{2})/g, '*'),
  '\u00e9\u4e2d'.replace(/[^\0-\x7f]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`),
  'hello world'.replace(/\b\w/g, (c) => c.toUpperCase()),
  'the the cat sat sat'.replace(/\b(\w+) \1\b/g, '$1'),
  '{{a}} {{b.c}} {{none}}'.replace(
    /\{\{([\w.]+)\}\}/g,
    (m, p) => p.split('.').reduce((o, k) => o?.[k], { a: 1, b: { c: 2 } }) ?? m,
  ),
  'abc'.replace(/./g, (c, i, s) => s[s.length - 1 - i]),
  '&lt;b&gt;&#65;'.replace(/&(?:#(\d+)|(\w+));/g, (m, n, e) =>
    n ? String.fromCharCode(n) : ({ lt: '<', gt: '>' }[e] ?? m),
  ),
  'n1n22'.replace(/n(?<d>\d+)/g, (...a) => `[${a.at(-1).d}]`),
  '  trim  me '.replace(/^\s+|\s+$|\s+(?=\s)/g, ''),
  'ROT13'.replace(/[A-Z]/g, (c) => String.fromCharCode(((c.charCodeAt(0) - 52) % 26) + 65)),
];
