import { install } from '../shared/define.js';
import values from '../web/compression.js';

install(values);
