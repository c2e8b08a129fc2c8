import { install } from '../shared/define.js';
import values from '../web/performance.js';

install(values);
