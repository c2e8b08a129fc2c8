import { parseModule, parseScript, tokenize } from 'esprima';

export default () => {
  const tree = parseScript('var a = /re/g; function f(x = 1, ...y) { return a?1:2 }', {
    range: true,
    comment: true,
  });
  const { errors } = parseScript('var x = 1; with (x) {} 012', { tolerant: true });
  let problem;
  try {
    parseModule('import a from');
  } catch ({ index, lineNumber, description }) {
    problem = { index, lineNumber, description };
  }
  const names = parseModule(
    'export default class A extends B { static get x() { return `a${1}` } }',
  ).body.map(({ type }) => type);
  return {
    ranges: tree.body.map(({ type, range }) => [type, range]),
    tokens: tokenize('a => a**2 // x'),
    errors: errors.length,
    problem,
    names,
  };
};
