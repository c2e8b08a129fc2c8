import _ from 'lodash';

export default () => {
  const people = [
    { n: 'Ada', a: 36, t: { x: [1] } },
    { n: 'Bob', a: 20 },
    { n: 'Cy', a: 36 },
  ];
  return [
    _.chain(people)
      .groupBy('a')
      .mapValues((list) => _.map(list, 'n'))
      .value(),
    _.orderBy(people, ['a', 'n'], ['desc', 'asc']).map(({ n }) => n),
    _.merge({ a: [1, { b: 2 }] }, { a: [, { c: 3 }] }),
    _.template('<% _.forEach(l, (x) => { %><li><%- x %></li><% }) %>${ l.length }')({ l: ['<', 'b'] }),
    [_.camelCase('Foo_bar baz'), _.kebabCase('fooBarÉ'), _.deburr('déjà'), _.startCase('--foo-bar')],
    _.isEqual(new Map([[1, new Set([2])]]), new Map([[1, new Set([2])]])),
    _.get(people, '[0].t.x[0]'),
    _.set({}, 'a[0].b.c', 1),
    _.cloneDeep({ d: new Date(0), r: /x/g.source, m: [new Set([1])].length }),
    _.flow([_.add, (n) => n * 2])(1, 2),
    _.curry((a, b, c) => a + b + c)(1)(2)(3),
    [
      _.truncate('abcdefghij klm', { length: 9, separator: ' ' }),
      _.padStart('x', 5, 'ab'),
      _.words('aB cD1'),
    ],
    _.debounce(() => 1, 5).flush() ?? 'nothing',
  ];
};
