import { isMatching, match, P } from 'ts-pattern';

export default () => {
  const say = (value) =>
    match(value)
      .with({ type: 'error', code: P.number.between(500, 599) }, ({ code }) => `server ${code}`)
      .with({ type: 'ok', data: { items: P.array(P.string) } }, ({ data }) => data.items.join())
      .with([P.select('head'), ...P.array()], ({ head }) => `list of ${head}`)
      .with(P.string.startsWith('a').and(P.string.minLength(3)), (text) => `a-word ${text}`)
      .with(P.union(null, undefined), () => 'nothing')
      .with(P.instanceOf(Map), (map) => `map ${map.size}`)
      .with(
        P.when((n) => n > 100),
        () => 'large',
      )
      .otherwise(() => 'other');
  let problem;
  try {
    match(5)
      .with(6, () => 1)
      .exhaustive();
  } catch ({ name }) {
    problem = name;
  }
  return [
    ...[
      { type: 'error', code: 503 },
      { type: 'ok', data: { items: ['x', 'y'] } },
      [1, 2],
      'abc',
      'b',
      null,
      new Map(),
      101,
    ].map(say),
    isMatching({ a: P._ }, { a: 1 }),
    problem,
  ];
};
