import { Chalk } from 'chalk';

export default () => {
  const one = new Chalk({ level: 1 });
  const full = new Chalk({ level: 3 });
  return [
    one.red('a'),
    one.bold.underline(`b ${one.green('c')} d`),
    full.hex('#ff8800')('e'),
    full.bgRgb(1, 2, 3).inverse('f\ng'),
    full.ansi256(200)('h'),
    new Chalk({ level: 0 }).red('i'),
  ];
};
