export const {
  a,
  b: [b],
  ...rest
} = { a: 1, b: [2], x: 3, y: 4 };
export var c = 5;
export function* gen() {
  yield 1;
}
export async function asyncFn() {
  return 'async';
}
export class K {
  x = 'k';
}
const local = 'local';

export { local as renamed, local as 'any string!' };
export default function named() {
  return 'default';
}
export let later;
later = 'assigned below';
