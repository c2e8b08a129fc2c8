import { lexer, Marked, marked } from 'marked';

export default async () => {
  const text =
    '# Title\n\n- [x] done\n- [ ] open\n\n1. one\n   - deep\n\n| a | b |\n|:-:|---|\n| 1 | `2` |\n\nline  \nbreak <b>raw</b> ![i](u "t") \\*no\\* https://auto.org\n\n```js\na < b\n```\n';
  const own = new Marked({
    renderer: {
      heading: ({ text: heading, depth }) =>
        `<h${depth} id="${heading.toLowerCase()}">${heading}</h${depth}>\n`,
    },
    extensions: [
      {
        name: 'at',
        level: 'inline',
        start: (source) => source.indexOf('@'),
        tokenizer: (source) => {
          const match = /^@(\w+)/.exec(source);
          return match ? { type: 'at', raw: match[0], name: match[1] } : undefined;
        },
        renderer: ({ name }) => `<a>${name}</a>`,
      },
    ],
    walkTokens: (token) => {
      if (token.type === 'link') token.href += '?x';
    },
  });
  return [
    await marked.parse(text),
    own.parse('# Hi\n\n@ada [l](u)'),
    marked.parseInline('**a**', { gfm: false }),
    lexer('> q\n\ntext').map(({ type, raw }) => [type, raw]),
  ];
};
