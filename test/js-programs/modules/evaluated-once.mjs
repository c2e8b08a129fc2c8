// A module with effects runs once, before its importers, in the order of the imports.
import './parts/effect-a.js';
import { log } from './parts/effect-log.js';
import './parts/effect-b.js';
import './parts/effect-a.js';

log.push('main');
export default () => ({ log: [...log], hoisted: typeof hoisted, value: hoisted() });
function hoisted() {
  return 'hoisted';
}
