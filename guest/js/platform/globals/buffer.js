import { Buffer } from '../node/buffer.js';
import { install } from '../shared/define.js';

install({ Buffer });
