// Lookahead and lookbehind, positive and negative, with captures.
export default () => ({
  ahead: [
    '100px 200em'.match(/\d+(?=px)/g),
    '100px 200em'.match(/\d+(?!px|\d)/g),
    'foobar foobaz'.replace(/foo(?!bar)/, 'X'),
  ],
  behind: [
    '$10 €20 $30'.match(/(?<=\$)\d+/g),
    '$10 €20'.match(/(?<![$\d])\d+/g),
    '1234567'.replace(/\B(?=(\d{3})+(?!\d))/g, ','),
    'abcdef'.match(/(?<=(.)(.))c/).slice(),
  ],
  greedy: 'abc123'.match(/(?<=([a-z]+)(\d+))$/).slice(1),
  backref: [/(?<=\1(a))b/.exec('aab').slice(), /(?=(a+))a*b\1/.exec('baaabac').slice()],
  password: ['abc', 'Abcdef12', 'ABCDEF12'].map((p) => /^(?=.*[a-z])(?=.*[A-Z])(?=.*\d).{8,}$/.test(p)),
  overlap: [...'aaaa'.matchAll(/(?=(aa))/g)].map((m) => m.index + m[1]),
  nested: 'price: 42 USD'.match(/(?<=price: (?=\d))\d+(?= USD(?!.))/)[0],
  negCapture: /(?!(a))b/.exec('b').map((v) => v ?? 'u'),
  camel: 'someHTMLPage2Go'.split(/(?<=[a-z\d])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/),
  words: 'a.b"c.d"e.f'.split(/\.(?=(?:[^"]*"[^"]*")*[^"]*$)/),
  lineStarts: 'a\nb\nc'.replace(/(?<=^|\n)/g, '> '),
});
