// A small Markdown renderer, all by regular expressions.
const esc = (s) => s.replace(/[&<>]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[c]);
const inline = (s) =>
  esc(s)
    .replace(/`([^`]+)`/g, (_, c) => `<code>${c.replace(/[*_]/g, (x) => `&#${x.charCodeAt()};`)}</code>`)
    .replace(/(\*\*|__)(?=\S)(.+?)(?<=\S)\1/g, '<b>$2</b>')
    .replace(/([*_])(?=\S)(.+?)(?<=\S)\1/g, '<i>$2</i>')
    .replace(/!\[([^\]]*)\]\(([^)\s]+)\)/g, '<img alt="$1" src="$2">')
    .replace(
      /\[([^\]]+)\]\(([^)\s]+)(?:\s+"([^"]*)")?\)/g,
      (_, t, u, title) => `<a href="${u}"${title ? ` title="${title}"` : ''}>${t}</a>`,
    );
const render = (md) =>
  md
    .trim()
    .split(/\n{2,}/)
    .map((b) => {
      let m;
      if ((m = /^(#{1,6})\s+(.*?)\s*#*$/.exec(b)))
        return `<h${m[1].length}>${inline(m[2])}</h${m[1].length}>`;
      if (/^([-*] .*(\n|$))+$/.test(b))
        return `<ul>${b.replace(/^[-*] (.*)\n?/gm, (_, t) => `<li>${inline(t)}</li>`)}</ul>`;
      if (/^(\d+\. .*(\n|$))+$/.test(b))
        return `<ol>${b.replace(/^\d+\. (.*)\n?/gm, (_, t) => `<li>${inline(t)}</li>`)}</ol>`;
      if ((m = /^```(\w*)\n([\s\S]*?)\n```$/.exec(b))) return `<pre class="${m[1]}">${esc(m[2])}</pre>`;
      if (/^(> ?.*(\n|$))+$/.test(b)) return `<q>${render(b.replace(/^> ?/gm, '')).join('')}</q>`;
      if (/^(-\s*){3,}$/.test(b)) return '<hr>';
      return `<p>${inline(b).replace(/ {2}\n/g, '<br>')}</p>`;
    });
export default () =>
  render(
    '# Title **bold** #\n\nA *para* with `co*de*` & <tags>  \nnext\n\n- one\n- _two_\n\n1. a\n2. [link](http://x "T")\n\n> quoted\n> > deep\n\n---\n\n```js\na < b\n```\n\n![alt](i.png) snake_case __strong__ * not *',
  );
