import { install } from '../shared/define.js';
import values from '../web/abort.js';

install(values);
