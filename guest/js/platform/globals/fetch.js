import { install } from '../shared/define.js';
import values from '../web/fetch.js';

install(values);
