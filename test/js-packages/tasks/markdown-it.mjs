import MarkdownIt from 'markdown-it';

export default () => {
  const text =
    '# Title\n\n* a *b* **c** `d`\n* [x](http://e.org "t")\n\n| a | b |\n|---|--:|\n| 1 | 2 |\n\n> "quote" -- (c)\n\n```js\nlet a\n```\nhttp://auto.org <b>raw</b> ~~old~~\n';
  const plain = new MarkdownIt();
  const full = new MarkdownIt({
    html: true,
    linkify: true,
    typographer: true,
    highlight: (code, language) => `<i>${language}:${code.length}</i>`,
  });
  full.renderer.rules.em_open = () => '<em class="own">';
  const tokens = plain.parse('a\n\n1. b', {}).map(({ type, nesting }) => [type, nesting]);
  return [plain.render(text), full.render(text), plain.renderInline('*i* <'), tokens];
};
