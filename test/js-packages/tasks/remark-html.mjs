import { remark } from 'remark';
import remarkHtml from 'remark-html';

export default async () => {
  const text =
    '# Hi *you*\n\n1. a\n2. b\n\n<script>x</script>\n\n![i](u "t") [l](javascript:x) `c < d`\n\n> q\n';
  return [
    String(await remark().use(remarkHtml).process(text)),
    String(await remark().use(remarkHtml, { sanitize: false }).process(text)),
  ];
};
