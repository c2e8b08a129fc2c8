import postcss from 'postcss';

export default async () => {
  const plugin = {
    postcssPlugin: 'own',
    Declaration(node) {
      if (node.value === 'red') node.value = 'blue';
    },
    Rule(rule, { Declaration }) {
      if (rule.selector === '.a' && !rule.some(({ prop }) => prop === 'top'))
        rule.append(new Declaration({ prop: 'top', value: '0' }));
    },
    AtRule: { media: (rule) => rule.remove() },
  };
  const text =
    '/* c */\n.a { color: red }\n@media print { .b { left: 1px !important } }\n.c::after{content:"}"}';
  const { css, map, messages } = await postcss([plugin]).process(text, {
    from: 'a.css',
    to: 'b.css',
    map: { inline: false },
  });
  let problem;
  try {
    postcss.parse('a { color');
  } catch ({ name, line, column, reason }) {
    problem = [name, line, column, reason];
  }
  const found = [];
  postcss
    .parse(text)
    .walkDecls(({ prop, important, source }) => found.push([prop, !!important, source.start.line]));
  return {
    css,
    mappings: map.toJSON().mappings,
    messages,
    problem,
    found,
    list: postcss.list.comma('a, b(c, d)'),
  };
};
