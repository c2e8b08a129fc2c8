/** For `node --import`: the addon with ASan and UBSan (`npm run test:sanitizers`). */
import { useSecondAddon } from './second-addon.js';

useSecondAddon('sanitizers');
