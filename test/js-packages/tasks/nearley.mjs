import nearley from 'nearley';

const { Grammar, Parser, Rule } = nearley;
const digit = { test: (text) => /\d/.test(text) };

export default () => {
  const rules = [
    new Rule('sum', ['sum', { literal: '+' }, 'product'], ([a, , b]) => a + b),
    new Rule('sum', ['product'], ([a]) => a),
    new Rule('product', ['product', { literal: '*' }, 'number'], ([a, , b]) => a * b),
    new Rule('product', ['number'], ([a]) => a),
    new Rule('number', ['number', digit], ([a, b]) => a * 10 + Number(b)),
    new Rule('number', [digit], ([a]) => Number(a)),
  ];
  const grammar = new Grammar(rules, 'sum');
  const run = (text) => new Parser(grammar).feed(text).results;
  let problem;
  try {
    run('1+*2');
  } catch ({ offset }) {
    problem = offset;
  }
  const doubled = new Grammar(
    [
      new Rule('e', ['e', { literal: '-' }, 'e'], ([a, , b]) => a - b),
      new Rule('e', [digit], ([a]) => Number(a)),
    ],
    'e',
  );
  return [run('12+3*4'), problem, new Parser(doubled).feed('9-3-2').results.sort()];
};
