import rehypeStringify from 'rehype-stringify';
import remarkParse from 'remark-parse';
import remarkRehype from 'remark-rehype';
import { unified } from 'unified';

export default async () => {
  const own = {
    heading: (state, node) => ({
      type: 'element',
      tagName: 'header',
      properties: {},
      children: state.all(node),
    }),
  };
  const text = '# Title\n\ntext *em* <b>raw</b>\n\n- a\n\n  b\n- c\n\n```js x=1\ncode\n```\n';
  const run = (options) =>
    unified()
      .use(remarkParse)
      .use(remarkRehype, options)
      .use(rehypeStringify, { allowDangerousHtml: true })
      .process(text);
  return [String(await run()), String(await run({ allowDangerousHtml: true, handlers: own }))];
};
