import Big from 'big.js';

export default () => {
  Big.DP = 30;
  const sum = Array.from({ length: 20 }, (_, i) => new Big(1).div(i + 1)).reduce((a, b) => a.plus(b));
  return [
    new Big('0.1').plus('0.2').toString(),
    sum.toFixed(25),
    new Big(2).sqrt().toString(),
    new Big('1e-7').toExponential(3),
    new Big('-12345.678').round(1, 0).toString(),
    new Big(7).mod(3).cmp(1),
    new Big('123456789012345678901234567890').times('98765432109876543210').toString(),
  ];
};
