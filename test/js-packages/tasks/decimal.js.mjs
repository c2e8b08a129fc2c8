import Decimal from 'decimal.js';

export default () => {
  const Own = Decimal.clone({ precision: 50, rounding: Decimal.ROUND_HALF_EVEN });
  return [
    new Own(2).sqrt().toString(),
    Own.acos(-1).toString(),
    new Own(10).ln().toString(),
    new Own('1.5').exp().toFixed(30),
    new Own('0x1f.8').toString(),
    new Own(1).div(7).toFraction(1000).map(String),
    Own.hypot(3, 4).toNumber(),
    new Own('-1e-9').toSignificantDigits(3).toString(),
    new Own(3).pow(-5).toString(),
    new Own(0.5).sin().toString(),
  ];
};
