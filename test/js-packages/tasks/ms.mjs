import ms from 'ms';

export default () => [
  ['2 days', '1.5h', '-3 min', '100', '1y', 'nothing', '1 week'].map((text) => String(ms(text))),
  [60000, 172_800_000, -5000, 999].map((n) => [ms(n), ms(n, { long: true })]),
  (() => {
    try {
      return ms('');
    } catch ({ name }) {
      return name;
    }
  })(),
];
