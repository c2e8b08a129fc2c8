// What the npm package assert takes of the npm package util.
import { inspect } from 'node-inspect-extracted';
import types from '../node/util/types.js';
import { inherits } from './inherits.js';

export default { inherits, inspect, types };
