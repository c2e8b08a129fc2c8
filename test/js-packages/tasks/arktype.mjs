import { type } from 'arktype';

export default () => {
  const user = type({
    name: '2 <= string <= 20',
    'age?': 'number.integer >= 0',
    kind: "'admin' | 'user'",
    tags: 'string[]',
  });
  const sum = type('string.numeric.parse');
  const good = user({ name: 'Ada', kind: 'admin', tags: ['a'] });
  const bad = user({ name: 'A', age: -1, kind: 'none', tags: [1] });
  return {
    good,
    bad: bad instanceof type.errors ? bad.map(({ code, path }) => [code, ...path]) : [],
    sum: sum('12.5'),
    text: user.expression,
  };
};
