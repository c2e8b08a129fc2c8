export * from './counter.js';
export * as geo from './geometry.js';
export { area as circleArea, default } from './geometry.js';
export const PI = 'own PI wins';
const own = 'own';

export { own, own as alias, own as 'string name' };
