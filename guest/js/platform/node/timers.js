import { missing } from '../shared/host-module.js';
import promises from './timers/promises.js';

const { setTimeout, setInterval, setImmediate, clearTimeout, clearInterval, clearImmediate } = globalThis;
const OLD = ['_unrefActive', 'active', 'enroll', 'unenroll'];

export default {
  ...Object.fromEntries(OLD.map((name) => [name, missing(`timers.${name}`)])),
  setTimeout,
  setInterval,
  setImmediate,
  clearTimeout,
  clearInterval,
  clearImmediate,
  promises,
};
