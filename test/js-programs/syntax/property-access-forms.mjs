// Dots, brackets, numbers with methods, chains over line ends, calls on literals.
export default () => [
  (1).toFixed(1),
  (1.5).toFixed(),
  (1).constructor.name,
  (1.0).toString(),
  (0x1f).toString(),
  'abc'['length'],
  'abc'[1],
  [1, 2, 3]['1'],
  { a: { 'b c': [5] } }.a['b c'][0],
  [[1, 2], [3]][0][1],
  (() => 7)(),
  function () {
    return this;
  }.call(8),
  new Date(0).getTime(),
  new (class {
    x = 9;
  })().x,
  new Array(2)['length'],
  /a(b)/.exec('ab')[1],
  `t`.length,
  true.toString(),
  {}.toString(),
  ((a, b) => b)(1, 2),
  [...'xy'].at(-1),
  'a-b'
    .split('-')
    .map((s) => s.toUpperCase())
    .join('+'),
  null?.x ?? 'none',
  {
    f() {
      return { g: () => 'fg' };
    },
  }
    .f()
    .g(),
  (0, Math.max)(1, 2),
  [1, 2, 3].includes.call('abc', 'b'),
  5n.toString(),
  new Map([[1, { z: 2 }]]).get(1)?.z,
];
