// indexOf, lastIndexOf, includes, startsWith, endsWith, search with positions and empty needles.
const nameOf = (f) => {
  try {
    return f();
  } catch (e) {
    return e.name;
  }
};
export default () => {
  const s = 'canal canals';
  return [
    s.indexOf('an'),
    s.indexOf('an', 2),
    s.indexOf('an', -5),
    s.indexOf('x'),
    s.indexOf(''),
    s.indexOf('', 99),
    s.indexOf('', 5),
    s.lastIndexOf('an'),
    s.lastIndexOf('an', 6),
    s.lastIndexOf('an', 0),
    s.lastIndexOf('c', 0),
    s.lastIndexOf(''),
    s.lastIndexOf('', 3),
    s.lastIndexOf('an', NaN),
    s.lastIndexOf('an', -1),
    s.includes('nal c'),
    s.includes('can', 7),
    s.includes(''),
    'undefined'.includes(),
    'null'.indexOf(null),
    s.startsWith('can'),
    s.startsWith('can', 6),
    s.startsWith('', 99),
    s.endsWith('als'),
    s.endsWith('canal', 5),
    s.endsWith(''),
    s.endsWith('c', 1),
    s.search(/s$/),
    s.search('nal'),
    s.search('.'),
    s.search(/zz/),
    nameOf(() => s.includes(/an/)),
    nameOf(() => s.startsWith(/a/)),
    (() => {
      const r = /an/;
      r[Symbol.match] = false;
      return '/an/'.includes(r);
    })(),
    [1, 2, 3].toString().indexOf(2),
    String.prototype.includes.call(12345, 34),
    nameOf(() => String.prototype.trim.call(null)),
    'aXbX'.indexOf('X', '2'),
    '𝒳y'.indexOf('y'),
  ];
};
