import { CstParser, createToken, Lexer } from 'chevrotain';

const Space = createToken({ name: 'Space', pattern: /\s+/, group: Lexer.SKIPPED });
const Num = createToken({ name: 'Num', pattern: /\d+/ });
const Plus = createToken({ name: 'Plus', pattern: /\+/ });
const Times = createToken({ name: 'Times', pattern: /\*/ });
const tokens = [Space, Num, Plus, Times];

class Sums extends CstParser {
  constructor() {
    super(tokens);
    this.RULE('sum', () => this.AT_LEAST_ONE_SEP({ SEP: Plus, DEF: () => this.SUBRULE(this.product) }));
    this.RULE('product', () => this.AT_LEAST_ONE_SEP({ SEP: Times, DEF: () => this.CONSUME(Num) }));
    this.performSelfAnalysis();
  }
}

export default () => {
  const parser = new Sums();
  const Visitor = parser.getBaseCstVisitorConstructor();
  class Value extends Visitor {
    sum = ({ product }) => product.reduce((all, each) => all + this.visit(each), 0);
    product = ({ Num: numbers }) => numbers.reduce((all, { image }) => all * Number(image), 1);
  }
  const lexer = new Lexer(tokens);
  const run = (text) => {
    const { tokens: input, errors } = lexer.tokenize(text);
    parser.input = input;
    const tree = parser.sum();
    return [
      new Value().visit(tree),
      errors.length,
      parser.errors.map(({ name, token }) => [name, token.image]),
    ];
  };
  return [run('1 + 2 * 3 + 4'), run('2 ** 3'), run('1 ? 2')];
};
