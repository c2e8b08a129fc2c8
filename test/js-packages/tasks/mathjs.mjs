import { all, create } from 'mathjs';

export default () => {
  const math = create(all, { randomSeed: 'a' });
  const show = (value) => math.format(value, { precision: 12 });
  return [
    show(math.evaluate('sqrt(-4) + 2 i')),
    show(math.evaluate('det([1, 2; 3, 4]) + [1, 2] * [3; 4]')),
    show(math.evaluate('5.08 cm to inch')),
    math.derivative('x^3 + sin(x) * x', 'x').toString(),
    math.simplify('2 x + 3 x - x * 1').toString(),
    show(math.evaluate(['f(a, b) = a ^ b', 'f(2, 10)', 'x = 3', 'x!'])[1]),
    show(math.bignumber('0.1').plus(math.bignumber('0.2'))),
    show(math.fraction(1, 3)),
    show(
      math.inv([
        [1, 2],
        [3, 5],
      ]),
    ),
    show(
      math.eigs([
        [2, 0],
        [0, 3],
      ]).values,
    ),
    show(math.median([3, 1, 2, 5])),
    math.parse('a + b * 2').toTex(),
    show(
      math.lusolve(
        [
          [2, 1],
          [1, 3],
        ],
        [3, 5],
      ),
    ),
  ];
};
