import { Parser } from 'expr-eval';

export default () => {
  const parser = new Parser();
  parser.functions.twice = (x) => 2 * x;
  const tree = parser.parse('x ^ 2 + twice(y) * sin(0) + (a > 1 ? 10 : 20)');
  let problem;
  try {
    parser.parse('1 + * 2');
  } catch ({ message }) {
    problem = message;
  }
  return [
    tree.evaluate({ x: 3, y: 4, a: 2 }),
    tree.variables(),
    tree.simplify({ a: 0 }).toString(),
    parser.parse('x * y').toJSFunction('x,y')(6, 7),
    Parser.evaluate('f(x) = x * x; f(5)'),
    problem,
  ];
};
