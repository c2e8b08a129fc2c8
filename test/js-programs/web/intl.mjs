// Intl in English.
const time = new Date(Date.UTC(2024, 1, 29, 15, 4, 5));
const words = ['résumé', 'Resume', 'resume', 'item 10', 'item 9', 'Zebra', 'apple'];

export default () => [
  [1234567.891, -0.5, 0, 1e21, Number.NaN, Number.NEGATIVE_INFINITY].map((n) =>
    new Intl.NumberFormat('en-US').format(n),
  ),
  new Intl.NumberFormat('en-US', { style: 'currency', currency: 'EUR' }).format(1234.5),
  new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD', currencySign: 'accounting' }).format(
    -5,
  ),
  new Intl.NumberFormat('en-US', { style: 'percent', maximumFractionDigits: 1 }).format(0.1234),
  new Intl.NumberFormat('en-US', { notation: 'compact' }).format(1234567),
  new Intl.NumberFormat('en-US', { style: 'unit', unit: 'kilometer-per-hour' }).format(50),
  new Intl.NumberFormat('en-US', { minimumIntegerDigits: 3, useGrouping: false }).format(7),
  new Intl.NumberFormat('en-US').formatToParts(-1234.5),
  (1234.5).toLocaleString('en-US', { style: 'currency', currency: 'USD' }),
  12345n.toLocaleString('en-US'),
  new Intl.DateTimeFormat('en-US').format(time),
  new Intl.DateTimeFormat('en-US', { dateStyle: 'full', timeZone: 'Asia/Tokyo' }).format(time),
  new Intl.DateTimeFormat('en-US', { dateStyle: 'short', timeZone: 'America/New_York' }).format(time),
  new Intl.DateTimeFormat('en-US', {
    weekday: 'short',
    month: 'long',
    day: 'numeric',
    year: 'numeric',
  }).format(time),
  new Intl.DateTimeFormat('en-US', {
    hour: 'numeric',
    minute: '2-digit',
    hour12: false,
    timeZone: 'Europe/Berlin',
  }).format(time),
  new Intl.DateTimeFormat('en-US', { year: 'numeric', month: '2-digit', day: '2-digit' })
    .formatToParts(time)
    .map(({ type, value }) => `${type}=${value}`),
  time.toLocaleDateString('en-US', { year: 'numeric', month: 'long', day: 'numeric' }),
  new Intl.DateTimeFormat().resolvedOptions().timeZone,
  ['one', 'ordinal'].map((type) =>
    [1, 2, 3, 4, 11, 22].map((n) =>
      new Intl.PluralRules('en', { type: type === 'one' ? 'cardinal' : type }).select(n),
    ),
  ),
  [-1, 0, 1, 5].map((n) => new Intl.RelativeTimeFormat('en', { numeric: 'auto' }).format(n, 'day')),
  new Intl.RelativeTimeFormat('en').format(-3, 'months'),
  [[], ['a'], ['a', 'b'], ['a', 'b', 'c']].map((list) => new Intl.ListFormat('en').format(list)),
  new Intl.ListFormat('en', { type: 'disjunction' }).format(['x', 'y', 'z']),
  Array.from(
    new Intl.Segmenter('en', { granularity: 'word' }).segment('Hi there, you.'),
    ({ segment, isWordLike }) => [segment, isWordLike],
  ),
  Array.from(new Intl.Segmenter('en').segment('👨‍👩‍👧e\u0301x'), ({ segment, index }) => [segment, index]),
  [...words].sort(new Intl.Collator('en').compare),
  [...words].sort(new Intl.Collator('en', { numeric: true, sensitivity: 'base' }).compare),
  new Intl.Collator('en', { sensitivity: 'base' }).compare('a', 'Á'),
  Intl.getCanonicalLocales(['EN-us', 'de']),
  new Intl.Locale('en-Latn-US').language,
  typeof Intl,
];
