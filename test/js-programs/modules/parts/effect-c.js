import { log } from './effect-log.js';

log.push('c');
