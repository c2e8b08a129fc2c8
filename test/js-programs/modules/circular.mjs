// Two modules that import each other.
import { isEven, order } from './parts/even.js';
import { isOdd, kind } from './parts/odd.js';
export default () => ({
  even: [0, 1, 10, 7].map(isEven),
  odd: [0, 1, 10, 7].map(isOdd),
  kind,
  order: [...order],
});
