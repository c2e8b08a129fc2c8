// Expressions built at run time: escaping, templates, globs, wildcards, router patterns.
const escapeRe = (s) => s.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
const glob = (g) =>
  new RegExp(
    `^${g.replace(/\*\*\/?|\*|\?|\{([^}]+)\}|[^*?{]+/g, (m, alt) => (alt ? `(?:${alt.split(',').map(escapeRe).join('|')})` : m.startsWith('**') ? '.*' : m === '*' ? '[^/]*' : m === '?' ? '[^/]' : escapeRe(m)))}$`,
  );
const route = (p) => {
  const keys = [];
  const re = new RegExp(
    `^${p.replace(/:(\w+)(\([^)]*\))?(\?)?|\*|[^:*]+/g, (m, k, pat, opt) => {
      if (k) {
        keys.push(k);
        const body = pat ?? '([^/]+)';
        return opt ? `${body}?` : body;
      }
      return m === '*' ? '(?:.*)' : escapeRe(m);
    })}$`,
  );
  return (s) => {
    const m = re.exec(s);
    return m && Object.fromEntries(keys.map((k, i) => [k, m[i + 1] ?? null]));
  };
};
const x = (strings, ...vals) =>
  new RegExp(
    strings.raw
      .map(
        (s, i) =>
          s.replace(/\s+|#.*$/gm, '') +
          (i < vals.length ? (vals[i] instanceof RegExp ? vals[i].source : escapeRe(String(vals[i]))) : ''),
      )
      .join(''),
    'u',
  );
export default () => {
  const globs = ['*.js', 'src/**/*.{ts,js}', 'a?c', '**/x'];
  const files = ['a.js', 'src/a.js', 'src/x/y/b.ts', 'abc', 'a/c', 'deep/er/x'];
  const date = x`(\d{4}) # year
    - (\d\d)      # month
    ${'.'} ${/[ab]+/}`;
  return {
    glob: globs.map((g) => files.filter((f) => glob(g).test(f))),
    route: [
      route('/u/:id(\\d+)/p/:page?')('/u/42/p/'),
      route('/u/:id(\\d+)')('/u/x'),
      route('/f/*')('/f/a/b'),
      route('/:a/:b')('/x/y'),
    ],
    x: [date.source, '2024-05.ab'.match(date)?.slice(1)],
    escape: [escapeRe('a.b*c[d]'), new RegExp(escapeRe('1+1=2?')).test('1+1=2?')],
    source: [
      new RegExp('a/b').source,
      new RegExp('[/]\n').source,
      RegExp('\\/').source,
      `${new RegExp('"')}`,
    ],
  };
};
