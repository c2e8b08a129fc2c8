import rehypeStringify from 'rehype-stringify';
import { unified } from 'unified';

export default () => {
  const text = (value) => ({ type: 'text', value });
  const element = (tagName, properties, ...children) => ({ type: 'element', tagName, properties, children });
  const tree = {
    type: 'root',
    children: [
      { type: 'doctype' },
      element(
        'ul',
        { className: ['a', 'b'], dataN: 1 },
        element('li', {}, text('x < y & "z"')),
        element('li', { hidden: true }, element('br', {})),
      ),
      { type: 'comment', value: 'c' },
      element('input', { type: 'text', value: "it's", disabled: false }),
    ],
  };
  return [
    unified().use(rehypeStringify).stringify(tree),
    unified()
      .use(rehypeStringify, {
        omitOptionalTags: true,
        quoteSmart: true,
        collapseEmptyAttributes: true,
        preferUnquoted: true,
      })
      .stringify(tree),
  ];
};
