// Tagged templates: cooked and raw parts, one object for each site, illegal escapes allowed.
function tag(strings, ...values) {
  return { cooked: strings.map((s) => s ?? 'undefined'), raw: [...strings.raw], values };
}
const site = (x) => ((s) => s)`a${x}b`;
export default () => {
  const html = (s, ...v) =>
    s.reduce(
      (out, part, i) =>
        out + part + (i < v.length ? String(v[i]).replace(/[&<>]/g, (c) => `&#${c.charCodeAt(0)};`) : ''),
      '',
    );
  const strings = ((s) => s)`x`;
  const obj = {
    name: 'o',
    tag(s) {
      return this.name + s[0];
    },
  };
  const chain = (s) => (t) => (u) => [s[0], t[0], u[0]].join('|');
  return {
    a: tag`one${1}two${'2'}three`,
    b: tag`\n\u0041\x41${0}\\`,
    c: tag`\unicode and \xerxes \u{110000}${1}ok`,
    empty: tag``,
    only: tag`${1}${2}`,
    html: html`<b>${'<script>'}</b> & ${'a&b'}`,
    same: site(1) === site(2),
    different: ((s) => s)`a` === ((s) => s)`a`,
    frozen: [Object.isFrozen(strings), Object.isFrozen(strings.raw), Array.isArray(strings)],
    raw: String.raw`C:\new\table${1 + 1}\u{1}`,
    rawCall: String.raw({ raw: 'abcd' }, 1, 2, 3, 4),
    member: obj.tag`!`,
    chained: chain`a``b``c`,
    nested: `a${`b${`c${'d'}`}`}`,
    lines: `l1
l2\
joined`,
  };
};
