// TextDecoder with all encodings of the web.
import { TextDecoder } from '@exodus/bytes/encoding.js';
import { install } from '../shared/define.js';

install({ TextDecoder });
