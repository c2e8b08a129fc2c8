import './effect-c.js';
import { log } from './effect-log.js';

log.push('b');
