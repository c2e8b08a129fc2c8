import { add, allocate, convert, dinero, lessThan, multiply, toDecimal, toSnapshot } from 'dinero.js';

const EUR = { code: 'EUR', base: 10, exponent: 2 };
const JPY = { code: 'JPY', base: 10, exponent: 0 };

export default () => {
  const price = dinero({ amount: 1099, currency: EUR });
  return {
    sum: toSnapshot(add(price, dinero({ amount: 1, currency: EUR }))),
    parts: allocate(price, [1, 1, 1]).map((part) => toDecimal(part)),
    scaled: toSnapshot(multiply(price, { amount: 119, scale: 2 })),
    yen: toSnapshot(convert(price, JPY, { JPY: { amount: 16_123, scale: 2 } })),
    less: lessThan(price, dinero({ amount: 2000, currency: EUR })),
    text: toDecimal(price, ({ value, currency }) => `${currency.code} ${value}`),
  };
};
