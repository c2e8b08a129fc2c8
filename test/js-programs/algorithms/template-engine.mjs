// A template language compiled to closures: if, each, filters, partials, escapes.
const filters = {
  upper: (s) => String(s).toUpperCase(),
  join: (a, sep = ', ') => a.join(sep),
  money: (n) => Number(n).toFixed(2),
  default: (v, d) => (v == null || v === '' ? d : v),
  length: (x) => x.length,
};
const esc = (s) => String(s ?? '').replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
const compile = (src, partials = {}) => {
  const toks = src.split(/(\{\{\{?.*?\}?\}\})/s);
  let i = 0;
  const get = (e) => {
    const [path, ...fs] = e.split('|').map((s) => s.trim());
    const base = /^"/.test(path)
      ? () => path.slice(1, -1)
      : (c) => {
          const [h, ...t] = path.split('.');
          let s = c;
          while (s && !(h in s.v) && h !== '@' && h !== 'this') s = s.up;
          return t.reduce((v, k) => v?.[k], h === '@' ? c.i : h === 'this' ? (c.v.this ?? c.v) : s?.v[h]);
        };
    return fs.reduce((f, x) => {
      const [, n, a] = /^(\w+)(?::"?([^"]*)"?)?$/.exec(x);
      return (c) => filters[n](f(c), ...(a === undefined ? [] : [a]));
    }, base);
  };
  const block = (...ends) => {
    const out = [];
    while (i < toks.length) {
      const t = toks[i++];
      const m = /^\{\{(\{?)\s*([#/>!]?)(.*?)\s*\}?\}\}$/s.exec(t);
      if (!m) {
        if (t) out.push(() => t);
        continue;
      }
      const [, raw, k, e] = m;
      if (k === '/' || e === 'else') {
        if (!ends.includes(e)) throw new SyntaxError(e);
        return [out, e];
      }
      if (k === '!') continue;
      if (k === '>') out.push((c) => compile(partials[e], partials).run(c));
      else if (k === '#') {
        const [kind, x] = e.split(/\s+(.*)/);
        const f = get(x);
        const [a, end] = block('else', kind);
        const b = end === 'else' ? block(kind)[0] : [];
        const run = (xs, c) => xs.map((g) => g(c)).join('');
        out.push(
          kind === 'if'
            ? (c) => run((Array.isArray(f(c)) ? f(c).length : f(c)) ? a : b, c)
            : (c) => {
                const xs = Object.entries(f(c) ?? []);
                return xs.length
                  ? xs
                      .map(([key, v]) =>
                        run(a, { v: v && typeof v === 'object' ? v : { this: v }, up: c, i: key }),
                      )
                      .join('')
                  : run(b, c);
              },
        );
      } else {
        const f = get(e);
        out.push(raw ? (c) => String(f(c) ?? '') : (c) => esc(f(c)));
      }
    }
    if (ends.length) throw new SyntaxError('open block');
    return [out];
  };
  const [fs] = block();
  const run = (c) => fs.map((f) => f(c)).join('');
  return { run, render: (v) => run({ v }) };
};
export default () => {
  const t = compile(
    '<h1>{{title|upper}}</h1>{{! note }}{{#each items}}<li>{{@}}:{{name}} {{price|money}}{{#if tags}} [{{tags|join:"/"}}]{{else}} -{{/if}} {{title}}</li>{{else}}none{{/each}}{{{raw}}}{{esc}}{{>foot}}{{miss|default:"dflt"}}',
    { foot: '<f>{{a.b.c}}</f>' },
  );
  const bad = ['{{#if x}}', '{{/each}}', '{{#if x}}{{/each}}'].map((s) => {
    try {
      compile(s);
      return 'ok';
    } catch (e) {
      return e.name;
    }
  });
  return [
    t.render({
      title: 'shop',
      items: [
        { name: 'a&b', price: 1.5, tags: ['x', 'y'] },
        { name: 'c', price: '2', tags: [] },
      ],
      raw: '<b>',
      esc: '<i>"',
      a: { b: { c: 9 } },
    }),
    t.render({ title: 't' }),
    compile('{{#each xs}}{{this}}{{/each}}').render({ xs: [1, 2, 3] }),
    bad,
  ];
};
