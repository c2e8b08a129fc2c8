import { isEven } from './even.js';
export function isOdd(n) {
  return n !== 0 && isEven(n - 1);
}
// Functions of the other module are there before it has run.
export const kind = typeof isEven;
