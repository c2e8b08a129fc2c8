import { remark } from 'remark';

export default async () => {
  const shout = () => (tree) => {
    for (const node of tree.children)
      if (node.type === 'heading') node.children[0].value = node.children[0].value.toUpperCase();
  };
  const text =
    'Title\n=====\n\n* a\n* b\n    * c\n\n[x]: http://e.org "t"\n\nSee [x] and *this*.\n\n```js\na\n```\n';
  const file = await remark().use(shout).data('settings', { bullet: '-', emphasis: '_' }).process(text);
  const tree = remark().parse(text);
  return [
    String(file),
    tree.children.map(({ type, position }) => [type, position.start.line, position.end.column]),
    file.messages.length,
  ];
};
