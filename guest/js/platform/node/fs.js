import * as constants from 'unenv/node/internal/fs/constants';
import { hostModule } from '../shared/host-module.js';
import promises from './fs/promises.js';

const { F_OK, R_OK, W_OK, X_OK } = constants;
/** There are no files: whoever can do without looks, and is told. */
const existsSync = () => false;
const exists = (_path, done) => queueMicrotask(() => done(false));

export default hostModule('fs', {
  constants: { ...constants },
  existsSync,
  exists,
  promises,
  F_OK,
  R_OK,
  W_OK,
  X_OK,
});
