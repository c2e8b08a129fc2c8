// Default, named, renamed and namespace imports of one module.

import * as geometry from './parts/geometry.js';
import square, { default as again, area, PI as pi, Shape } from './parts/geometry.js';
export default () => ({
  square: square(3),
  same: square === again && again === geometry.default,
  area: area(2),
  pi,
  keys: Object.keys(geometry),
  tag: Object.prototype.toString.call(geometry),
  shape: new Shape('hex').describe(),
  proto: Object.getPrototypeOf(geometry),
  desc: (() => {
    const d = Object.getOwnPropertyDescriptor(geometry, 'PI');
    return [d.writable, d.enumerable, d.configurable];
  })(),
  sealed: Object.isSealed(geometry),
  errs: [
    () => {
      geometry.PI = 3;
    },
    () => {
      geometry.extra = 1;
    },
    () => delete geometry.PI,
  ].map((f) => {
    try {
      f();
      return 'ok';
    } catch (e) {
      return e.name;
    }
  }),
  missing: geometry.nothing === undefined,
  has: ['PI' in geometry, 'x' in geometry],
});
