import remarkParse from 'remark-parse';
import { unified } from 'unified';

export default () => {
  const text =
    '---\n\nA *b **c*** \\* &copy; <http://e.org>  \nnext\n\n    code\n\n1) x\n\n   y\n\n<div>\nraw\n</div>\n';
  const strip = ({ position, children, ...node }) => ({
    ...node,
    at: position.start.offset,
    ...(children && { children: children.map(strip) }),
  });
  return strip(unified().use(remarkParse).parse(text));
};
