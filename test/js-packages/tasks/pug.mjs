import pug from 'pug';

export default () => {
  const text = [
    'mixin item(name)',
    '  li(class=name.length > 1 ? "long" : "short")&attributes(attributes)= name',
    'ul#list.a.b',
    '  each value, i in values',
    '    +item(value)(data-i=i)',
    '  else',
    '    li none',
    'if flag',
    '  p #{text} !{text}',
    'p.',
    '  plain #[b bold]',
    'script.',
    '  a < b',
  ].join('\n');
  let problem;
  try {
    pug.compile('a(');
  } catch ({ code, line }) {
    problem = [code, line];
  }
  return [
    pug.render(text, { values: ['a', 'bc'], flag: true, text: '<i>' }),
    pug.render('p= x', { x: 1, pretty: true }),
    pug.compileClient('p= x').includes('pug_html'),
    problem,
  ];
};
