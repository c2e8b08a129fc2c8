import jmespath from 'jmespath';

export default () => {
  const data = {
    people: [
      { name: 'Ada', age: 36, tags: ['a'] },
      { name: 'Bob', age: 20, tags: ['b', 'c'] },
      { name: 'Cy', age: 50, tags: [] },
    ],
  };
  return [
    'people[?age > `30`].name',
    'people[*].{n: name, first: tags[0]}',
    'sort_by(people, &age)[-1].name',
    'people[].tags[]',
    "join(', ', people[*].name)",
    'length(people[?contains(tags, `"c"`)])',
    'people[::-1] | [0].name',
    'max_by(people, &age).age',
    'missing.x || `"none"`',
  ].map((text) => jmespath.search(data, text));
};
