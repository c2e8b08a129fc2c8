// Node's assert: the npm package of that name, with the functions that Node has got since.
import assert from 'assert/build/assert.js';
import { missing } from '../shared/host-module.js';

for (const each of [assert, assert.strict]) each.CallTracker = missing('assert.CallTracker');

export default assert;
