import { hostModule } from '../shared/host-module.js';
import { builtinModules } from '../shared/names.js';
import { requireModule, requireOf } from '../shared/require.js';

const isBuiltin = (name) => builtinModules.includes(`${name}`.replace(/^node:/, ''));

function moduleWith(createRequire) {
  return hostModule('module', { builtinModules, createRequire, isBuiltin });
}

/** The module as one file sees it: what that file asks for by literals is in the bundle. */
export function withFiles(filename, files) {
  const require = requireOf(new Map(files));
  return moduleWith((from) => (pathOf(from) === filename ? require : requireModule));
}

function pathOf(from) {
  const text = `${from}`;
  return text.startsWith('file://') ? decodeURIComponent(text.slice('file://'.length)) : text;
}

export default moduleWith(() => requireModule);
