import { install } from '../shared/define.js';
import values from '../web/messages.js';

install(values);
