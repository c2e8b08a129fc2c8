// `snapvm.onThaw(function)`: what a module wants done at the start of every call, as seeding a generator of its own.
import { define } from './define.js';

const { apply } = Reflect;
let hooks = [];

export function installThaw() {
  const onThaw = (hook) => {
    if (typeof hook !== 'function') throw new TypeError('snapvm.onThaw takes a function');
    hooks = [...hooks, hook];
  };
  define(globalThis, 'snapvm', Object.freeze({ onThaw }));
}

/** The function as calls are to run it. It is the function itself where nothing is to be done before. */
export function thawing(run) {
  if (hooks.length === 0) return run;
  const before = hooks;
  return (...values) => {
    for (let i = 0; i < before.length; i++) apply(before[i], undefined, []);
    return apply(run, undefined, values);
  };
}
