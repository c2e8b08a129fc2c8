import { value } from './cycle-a.js';
let seen;
try {
  seen = String(value);
} catch (e) {
  seen = e.name;
}
export const early = seen;
export const readLater = () => value;
