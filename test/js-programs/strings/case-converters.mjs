// camel, snake, kebab, title, constant, slug, initials, truncation, pluralisation.
const words = (s) =>
  s
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .match(/[A-Z]{2,}(?=[A-Z][a-z]|\b|\d|_)|[A-Z]?[a-z]+|[A-Z]|\d+/g) ?? [];
const cap = (w) => w[0].toUpperCase() + w.slice(1).toLowerCase();
export default () =>
  [
    'helloWorld',
    'HTTPServerError',
    'snake_case_value',
    'kebab-case',
    'Título Único',
    'v2Beta10',
    '',
    '  spaced out ',
  ].map((s) => {
    const w = words(s);
    return [
      w.map((x, i) => (i ? cap(x) : x.toLowerCase())).join(''),
      w.map(cap).join(''),
      w.join('_').toLowerCase(),
      w.join('-').toLowerCase(),
      w.join('_').toUpperCase(),
      w.map((x) => x[0]).join(''),
      s.length > 8 ? `${s.slice(0, 7)}…` : s,
    ];
  });
