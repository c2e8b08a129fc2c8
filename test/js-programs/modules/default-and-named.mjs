// Default, named, renamed and namespace imports of one module.

import * as geometry from './parts/geometry.js';
import square, { default as again, area, PI as pi, Shape } from './parts/geometry.js';
export default () => ({
  square: square(3),
  same: square === again && again === geometry.default,
  area: area(2),
  pi,
  keys: Object.keys(geometry),
  shape: new Shape('hex').describe(),
  missing: geometry.nothing === undefined,
  has: ['PI' in geometry, 'x' in geometry],
});
