import numeral from 'numeral';
import 'numeral/locales/de.js';

export default () => {
  const all = [
    [1234567.891, '0,0.00'],
    [0.256, '0.0%'],
    [1_230_000, '0.0a'],
    [3_000_000_000, '0.0 b'],
    [23, '0o'],
    [-5.5, '($0,0.00)'],
    [3661, '00:00:00'],
    [1e21, '0.0e+0'],
  ].map(([n, format]) => numeral(n).format(format));
  numeral.locale('de');
  const german = numeral(1234.5).format('0,0.00 $');
  numeral.locale('en');
  return [
    all,
    german,
    numeral('1,234.5').value(),
    numeral('2.5k').value(),
    numeral(10).add(5).divide(4).value(),
  ];
};
