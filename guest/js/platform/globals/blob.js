import { install } from '../shared/define.js';
import values from '../web/blob.js';

install(values);
