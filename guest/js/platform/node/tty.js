import { hostModule } from '../shared/host-module.js';

export default hostModule('tty', { isatty: () => false });
