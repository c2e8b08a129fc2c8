/**
 * The addon with ASan and UBSan (`npm run test:sanitizers`). For `node --require`: with `--import` a program given by
 * `--eval` could start no threads.
 */
import useSecondAddon = require('./second-addon.cjs');

useSecondAddon('sanitizers');
