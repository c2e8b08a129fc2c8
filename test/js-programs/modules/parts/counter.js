export let count = 0;
export const increment = (by = 1) => {
  count += by;
};
export function reset() {
  count = 0;
}
export const box = { value: 'initial' };
let hidden = null;

export { hidden as later };
export const setLater = (v) => {
  hidden = v;
};
