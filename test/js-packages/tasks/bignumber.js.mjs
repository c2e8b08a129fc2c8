import BigNumber from 'bignumber.js';

export default () => {
  const Own = BigNumber.clone({ DECIMAL_PLACES: 40, ROUNDING_MODE: BigNumber.ROUND_HALF_EVEN });
  return [
    new Own(1).div(3).toString(),
    new Own(2).pow(200).toString(),
    new Own('ff.8', 16).toString(),
    new Own(255.5).toString(2),
    new Own('1234567.891').toFormat(2),
    new Own(10).pow(30).plus(1).mod(7).toNumber(),
    new Own('0.1').toFraction().map(String),
    new Own('NaN').isNaN(),
    BigNumber.max(1, '3', 2).toString(),
  ];
};
