import { isIdentifierStart, Parser, parse, tokenizer } from 'acorn';

export default () => {
  const source =
    'class A { static #n = 1n; static { A.#n++; } async *f() { for await (const x of y) yield* x; } }';
  const tree = parse(source, { ecmaVersion: 'latest', locations: true });
  const tokens = [...tokenizer('a?.b ?? /[/]\\u{61}/u', { ecmaVersion: 2022 })].map(({ type, value }) => [
    type.label,
    value?.pattern ?? value,
  ]);
  const comments = [];
  Parser.parse('/* one */ a // two', { ecmaVersion: 2022, onComment: (_, text) => comments.push(text) });
  let problem;
  try {
    parse('let let = 1', { ecmaVersion: 2022, sourceType: 'module' });
  } catch ({ name, pos, loc }) {
    problem = { name, pos, line: loc.line };
  }
  const members = tree.body[0].body.body.map(({ type, loc }) => [type, loc.start.column]);
  return { members, tokens, comments, problem, starts: isIdentifierStart('π'.codePointAt(0)) };
};
