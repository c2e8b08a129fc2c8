// The object that the parts of Intl are put into: formatjs adds to one that is there.
import { define } from './define.js';

if (globalThis.Intl === undefined) define(globalThis, 'Intl', {});
