import dotenv from 'dotenv';

export default () => {
  const text = [
    '# comment',
    'A=1',
    'export B="two\\nlines" # after',
    "C='$A #x'",
    'D=`x"y\'z`',
    'E=',
    'F= spaces  ',
    'G="multi',
    'line"',
  ].join('\n');
  const target = {};
  dotenv.populate(target, { X: 'y' });
  return [dotenv.parse(text), target];
};
