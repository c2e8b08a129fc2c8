import TurndownService from 'turndown';

export default () => {
  const service = new TurndownService({
    headingStyle: 'atx',
    codeBlockStyle: 'fenced',
    bulletListMarker: '-',
  });
  service.addRule('strike', { filter: ['del'], replacement: (text) => `~~${text}~~` });
  return [
    service.turndown('<h1>Title</h1><p>a <b>b</b> <em>c</em> <a href="u" title="t">d</a><br>e</p>'),
    service.turndown(
      '<ul><li>one<ol><li>deep</li></ol></li><li>two</li></ul><pre><code class="language-js">let a\n</code></pre>',
    ),
    service.turndown('<blockquote>q</blockquote><img src="s" alt="x"><del>old</del> 1. *not*'),
  ];
};
