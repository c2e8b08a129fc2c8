import { remark } from 'remark';
import remarkGfm from 'remark-gfm';

export default async () => {
  const text =
    '| a | b |\n|:-:|--:|\n| long text | `x|y` |\n\n- [x] done\n- [ ] open\n\n~~old~~ www.example.org a[^1]\n\n[^1]: Note.\n';
  const file = await remark().use(remarkGfm).process(text);
  const types = [];
  const walk = ({ type, checked, children = [] }) => {
    types.push(checked === undefined || checked === null ? type : [type, checked]);
    children.forEach(walk);
  };
  walk(remark().use(remarkGfm, { singleTilde: false }).parse(text));
  return [String(file), types];
};
