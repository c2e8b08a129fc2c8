import { install } from '../shared/define.js';
import values from '../web/streams.js';

install(values);
