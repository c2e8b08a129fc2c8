import currency from 'currency.js';

export default () => [
  currency(0.1).add(0.2).value,
  currency('$1,234.56').multiply(3).format(),
  currency('(1,000.5)').intValue,
  currency(10).distribute(3).map(String),
  currency(1234.5, { symbol: '€', separator: '.', decimal: ',', pattern: '# !' }).format(),
  currency(5.005, { precision: 3 }).dollars(),
  currency(-5, { negativePattern: '(!#)' }).format(),
];
