/** Node's own contexts: other globals in the same isolate. They are no protection, says their documentation. */
import { createContext, Script } from 'node:vm';
import { type Mode, type Peer, type Subject, TIMEOUT_MS } from './peer.js';
import { WORKS, type Work } from './work.js';

export const nodeVm: Peer = {
  name: 'node:vm',
  version: () => process.versions.node,
  how: {
    fresh: 'a compiled script with the function run in a new context',
    warm: 'a compiled script that calls the function run in one context',
  },
  open: async (name, mode) => open(WORKS[name], mode),
};

const RUN = { timeout: TIMEOUT_MS };

function open(work: Work, mode: Mode): Subject {
  if (mode === 'fresh') {
    const script = new Script(`(${work.handler})(input)`);
    return { call: () => work.check(script.runInContext(context(work), RUN)), close: () => {} };
  }
  const only = context(work);
  new Script(`globalThis.handler = ${work.handler}`).runInContext(only, RUN);
  const script = new Script('handler(input)');
  return { call: () => work.check(script.runInContext(only, RUN)), close: () => {} };
}

/** Promises are settled before the script has ended: otherwise the time limit would not hold for them. */
function context({ input }: Work): object {
  return createContext({ input }, { microtaskMode: 'afterEvaluate' });
}
