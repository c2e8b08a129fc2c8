import { install } from '../shared/define.js';
import values from '../web/events.js';

install(values);
