import { unified } from 'unified';

function parser() {
  this.parser = (text) => ({ type: 'root', words: text.split(' ') });
}
function compiler() {
  this.compiler = ({ words }) => words.join('+');
}

export default async () => {
  const loud =
    (options = {}) =>
    async (tree, file) => {
      tree.words = tree.words.map((word) => word.toUpperCase() + (options.end ?? ''));
      file.message('seen', { line: 1, column: 2 });
    };
  const processor = unified().use(parser).use(loud, { end: '!' }).use(compiler).data('key', 5).freeze();
  const file = await processor.process('a b c');
  let problem;
  try {
    unified().processSync('x');
  } catch ({ name }) {
    problem = name;
  }
  return [
    String(file),
    file.messages.map(({ reason, line, column }) => [reason, line, column]),
    processor.data('key'),
    problem,
    unified()
      .use({ plugins: [parser, compiler] })
      .processSync('x y').value,
  ];
};
