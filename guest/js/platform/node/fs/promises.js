import * as constants from 'unenv/node/internal/fs/constants';
import { hostModule } from '../../shared/host-module.js';

export default hostModule('fs.promises', { constants: { ...constants } });
