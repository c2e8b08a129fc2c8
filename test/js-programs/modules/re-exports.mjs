// export * from, export {x as y} from, export * as ns; local names win over stars.
import * as all from './parts/barrel.js';
import main, { circleArea, geo, increment, own, PI } from './parts/barrel.js';
export default () => ({
  keys: Object.keys(all),
  main: main(4),
  geo: [Object.keys(geo), geo.area(1)],
  circle: circleArea(1),
  pi: PI,
  inc: typeof increment,
  own,
  sameNs: all.geo === geo,
  noDefaultFromStar: all.Shape === undefined,
});
