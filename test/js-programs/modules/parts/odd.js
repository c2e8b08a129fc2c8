import { constant, isEven } from './even.js';
export function isOdd(n) {
  return n !== 0 && isEven(n - 1);
}
let seen;
try {
  seen = constant;
} catch (e) {
  seen = e.name;
}
// Functions of the other module are there already, its constants are not.
export const early = [typeof isEven, seen === undefined ? 'undefined' : seen];
