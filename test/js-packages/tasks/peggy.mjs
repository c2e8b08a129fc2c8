import peggy from 'peggy';

export default () => {
  const parser = peggy.generate(`
    sum = head:product tail:(_ @("+" / "-") _ @product)* { return tail.reduce((a, [op, b]) => op === "+" ? a + b : a - b, head) }
    product = head:value tail:(_ "*" _ @value)* { return tail.reduce((a, b) => a * b, head) }
    value "value" = digits:$[0-9]+ { return parseInt(digits, 10) } / "(" _ @sum _ ")"
    _ = [ \\t\\n]*
  `);
  let problem;
  try {
    parser.parse('1 + ');
  } catch ({ name, message, location }) {
    problem = [name, message, location.start.offset];
  }
  let wrong;
  try {
    peggy.generate('a = b');
  } catch ({ name }) {
    wrong = name;
  }
  const source = peggy.generate('a = "x"i+', { output: 'source', format: 'commonjs' });
  return [parser.parse('2 * (3 + 4) - 5'), problem, wrong, source.includes('peg$parse')];
};
