// The modules of Node that the bundle has for code that asks for them while it runs.
import { unavailable } from './host-module.js';
import { builtinModules } from './names.js';

const provided = new Map();

export function provide(name, load) {
  provided.set(name, load);
}

/** A `require` that has these files, too: what gives each, by the name that a program asks for. */
export function requireOf(files) {
  const require = (name) => (files.get(name) ?? provided.get(withoutPrefix(name)) ?? (() => fail(name)))();
  require.resolve = (name) => {
    throw unavailable(`require.resolve(${JSON.stringify(name)})`);
  };
  require.cache = Object.create(null);
  return require;
}

export const requireModule = requireOf(new Map());

function withoutPrefix(name) {
  return `${name}`.replace(/^node:/, '');
}

function fail(name) {
  const error = unavailable(`require(${JSON.stringify(name)}), which a bundle cannot follow,`);
  // Programs that can do without a package look at it.
  if (!builtinModules.includes(withoutPrefix(name))) error.code = 'MODULE_NOT_FOUND';
  throw error;
}
