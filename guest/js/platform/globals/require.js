// For code that asks for modules of Node while it runs, by a `require` that bundlers do not follow.
import { install } from '../shared/define.js';
import { provide, requireModule } from '../shared/require.js';

install({ require: requireModule });

export default provide;
