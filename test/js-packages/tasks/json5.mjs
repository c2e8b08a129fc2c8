import JSON5 from 'json5';

export default () => {
  const text = "{ // c\n a: 'x\\\ny', $b: +.5, c: 0xFF, d: [1, , ].length, e: Infinity, }".replace(
    '[1, , ].length',
    '[1, 2,]',
  );
  let problem;
  try {
    JSON5.parse('{a: }');
  } catch ({ name, lineNumber, columnNumber }) {
    problem = { name, lineNumber, columnNumber };
  }
  const tree = JSON5.parse(text);
  return [
    { ...tree, e: String(tree.e) },
    JSON5.stringify({ 'a-b': 1, c: "it's", d: [NaN, null] }, null, 2),
    JSON5.parse('[1, {a: 2}]', (key, value) => (key === 'a' ? 3 : value)),
    problem,
  ];
};
