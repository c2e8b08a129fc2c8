import Fraction from 'fraction.js';

export default () => [
  new Fraction('0.(3)').toFraction(),
  new Fraction(1, 3).add('1/6').mul(3).toString(),
  new Fraction(3.75).toFraction(true),
  new Fraction(355, 113).toContinued().map(String),
  new Fraction(Math.PI).simplify(0.001).toFraction(),
  new Fraction('-7/3').mod(2).toString(),
  new Fraction(8, 27).pow(1, 3).toString(),
  new Fraction('1/7').compare('2/13') < 0,
  new Fraction(9, 6).gcd(new Fraction(1, 2)).toFraction(),
];
