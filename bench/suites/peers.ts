/** The same work done by other means: from fresh state for each call, and warm. */
import { measureAsync } from '../harness/measure.js';
import { Skip, type Suite, type Variant } from '../harness/suite.js';
import { PEERS } from '../peers/index.js';
import { installPeers } from '../peers/install.js';
import type { Mode, Peer, Subject, WorkName } from '../peers/peer.js';
import { RUN_IN_MS } from './end-to-end.js';

const WORKS: readonly WorkName[] = ['json', 'echo', 'transform', 'fib'];
const MODES: readonly Mode[] = ['fresh', 'warm'];
/** What a quick run compares: a JavaScript handler from fresh state. */
const QUICK = ['snapvm, JavaScript', 'quickjs-emscripten', 'isolated-vm'];

function variant(peer: Peer, work: WorkName, mode: Mode): Variant {
  return {
    name: `${work}, ${mode}: ${peer.name}`,
    group: `${work}, ${mode}`,
    slow: !(mode === 'fresh' && work === 'json' && QUICK.includes(peer.name)),
    note: () => `${peer.name} ${peer.version()}: ${peer.how[mode]}`,
    ...(peer.execArgv !== undefined && { execArgv: peer.execArgv }),
    open: async () => {
      const unsupported = peer.unsupported?.[work];
      if (unsupported !== undefined) throw new Skip(unsupported);
      const subject = await open(peer, work, mode);
      return {
        round: (budgetMs) => measureAsync(budgetMs, () => subject.call()),
        close: () => subject.close(),
      };
    },
  };
}

async function open(peer: Peer, work: WorkName, mode: Mode): Promise<Subject> {
  try {
    return await peer.open(work, mode);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw error;
    throw new Skip('its package is not installed in bench/');
  }
}

export const peers: Suite = {
  name: 'peers',
  warmUpMs: 1500,
  runInMs: RUN_IN_MS,
  title: 'the same work by other means, one call at a time: fresh (from fresh state for each call) and warm',
  figure: 'calls_per_s',
  beside: ['p50_us', 'p99_us'],
  prepare: async (progress) => {
    const installed = await installPeers(progress);
    if (!installed.ok) process.stderr.write(`peers: ${installed.reason}\n`);
  },
  variants: () =>
    WORKS.flatMap((work) => MODES.flatMap((mode) => PEERS.map((peer) => variant(peer, work, mode)))),
};
