// The modules of Node that the bundle has for code that asks for them while it runs.
import { unavailable } from './host-module.js';

const provided = new Map();

export function provide(name, load) {
  provided.set(name, load);
}

export function requireModule(name) {
  const load = provided.get(`${name}`.replace(/^node:/, ''));
  if (load === undefined)
    throw unavailable(`require(${JSON.stringify(name)}), which a bundle cannot follow,`);
  return load();
}
requireModule.resolve = (name) => {
  throw unavailable(`require.resolve(${JSON.stringify(name)})`);
};
requireModule.cache = Object.create(null);
