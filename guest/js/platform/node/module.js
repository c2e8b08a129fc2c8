import { hostModule, unavailable } from '../shared/host-module.js';
import { builtinModules } from '../shared/names.js';

const isBuiltin = (name) => builtinModules.includes(`${name}`.replace(/^node:/, ''));

/** Packages make one when they are imported, and few use it for more than modules of Node, which must be bundled. */
function createRequire() {
  const require = (name) => {
    throw unavailable(`require(${JSON.stringify(name)}) by module.createRequire`);
  };
  require.resolve = (name) => {
    throw unavailable(`require.resolve(${JSON.stringify(name)})`);
  };
  require.cache = Object.create(null);
  return require;
}

export default hostModule('module', { builtinModules, createRequire, isBuiltin });
