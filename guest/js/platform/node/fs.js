import * as constants from 'unenv/node/internal/fs/constants';
import { hostModule } from '../shared/host-module.js';
import promises from './fs/promises.js';

const { F_OK, R_OK, W_OK, X_OK } = constants;
export default hostModule('fs', { constants: { ...constants }, promises, F_OK, R_OK, W_OK, X_OK });
