import { install } from '../shared/define.js';
import values from '../web/subtle.js';

install(values);
