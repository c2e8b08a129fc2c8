import { buildSchema, graphql, parse, print, validate } from 'graphql';

export default async () => {
  const schema = buildSchema(`
    enum Kind { A B }
    interface Named { name: String! }
    type User implements Named { name: String!, kind: Kind, friends(first: Int = 1): [User!]! }
    type Query { user(id: ID!): User, sum(list: [Int!]!): Int }
    type Mutation { rename(name: String!): User }
  `);
  const ada = {
    name: 'Ada',
    kind: 'A',
    friends: ({ first }) => [{ name: 'Bob', kind: 'B', friends: [] }, ada].slice(0, first),
  };
  const rootValue = {
    user: ({ id }) => (id === '1' ? ada : null),
    sum: ({ list }) => list.reduce((a, b) => a + b),
    rename: ({ name }) => ({ ...ada, name }),
  };
  const run = async (source, variableValues) =>
    JSON.parse(JSON.stringify(await graphql({ schema, source, rootValue, variableValues })));
  const wrong = validate(schema, parse('{ user { nme } }')).map(({ message }) => message);
  return [
    await run(
      'query Q($id: ID!) { user(id: $id) { ...N friends(first: 2) { name @skip(if: false) } } } fragment N on Named { name }',
      { id: 1 },
    ),
    await run('{ s: sum(list: [1, 2, 3]) none: user(id: "9") { name } }'),
    await run('mutation { rename(name: "Z") { name kind } }'),
    await run('{ sum(list: ["x"]) }'),
    wrong,
    print(parse('query($a:Int=1){b(c:$a){d}}')),
  ];
};
