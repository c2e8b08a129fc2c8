import process from '../node/process.js';
import { install } from '../shared/define.js';

install({ process });
