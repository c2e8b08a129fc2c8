import { hostModule } from '../shared/host-module.js';
import { builtinModules } from '../shared/names.js';
import { requireModule } from '../shared/require.js';

const isBuiltin = (name) => builtinModules.includes(`${name}`.replace(/^node:/, ''));

export default hostModule('module', { builtinModules, createRequire: () => requireModule, isBuiltin });
