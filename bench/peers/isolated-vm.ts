/** Isolates of V8 beside the one of Node, in one process. */
import { installedVersion, requirePeer } from './install.js';
import { MEMORY_MIB, type Mode, type Peer, type Subject, TIMEOUT_MS } from './peer.js';
import { overText, WORKS, type Work } from './work.js';

interface Library {
  readonly Isolate: new (options: { memoryLimit: number }) => Isolate;
}

interface Isolate {
  createContextSync(): Context;
  compileScriptSync(code: string, options: { cachedData?: unknown; produceCachedData?: true }): Script;
  dispose(): void;
}

interface Script {
  readonly cachedData?: unknown;
  readonly cachedDataRejected?: boolean;
  runSync(context: Context, options: { timeout: number; reference: true }): Reference;
}

type Context = object;

interface Reference {
  applySync(receiver: undefined, given: readonly unknown[], options: object): unknown;
}

// Its documentation warns of snapshots and offers cached compiled code; a snapshot was no faster.
export const isolatedVm: Peer = {
  name: 'isolated-vm',
  version: () => installedVersion('isolated-vm'),
  how: {
    fresh:
      'a new isolate and context, the script run in them from cached compiled code, the function called, the isolate disposed of',
    warm: 'the function called by a reference into one isolate and context',
  },
  // Without it Node 20 crashes sooner or later, says its documentation.
  execArgv: ['--no-node-snapshot'],
  open: async (name, mode) => open(WORKS[name], mode),
};

function open(work: Work, mode: Mode): Subject {
  const { Isolate } = requirePeer('isolated-vm') as Library;
  const source = work.kind === 'json' ? overText(work.handler) : `(${work.handler})`;
  const cachedData = compile(Isolate, source);
  const start = (): readonly [Isolate, Reference] => {
    const isolate = new Isolate({ memoryLimit: MEMORY_MIB });
    const script = isolate.compileScriptSync(source, { cachedData });
    if (script.cachedDataRejected) throw new Error('isolated-vm does not take its own cached code');
    return [isolate, script.runSync(isolate.createContextSync(), { timeout: TIMEOUT_MS, reference: true })];
  };
  if (mode === 'fresh') {
    const call = () => {
      const [isolate, handler] = start();
      try {
        work.check(apply(handler, work));
      } finally {
        isolate.dispose();
      }
    };
    return { call, close: () => {} };
  }
  const [isolate, handler] = start();
  return { call: () => work.check(apply(handler, work)), close: () => isolate.dispose() };
}

function compile(Isolate: Library['Isolate'], source: string): unknown {
  const isolate = new Isolate({ memoryLimit: MEMORY_MIB });
  const { cachedData } = isolate.compileScriptSync(source, { produceCachedData: true });
  isolate.dispose();
  return cachedData;
}

const PLAIN = { timeout: TIMEOUT_MS };
const COPYING = { ...PLAIN, arguments: { copy: true }, result: { copy: true } };

function apply(handler: Reference, { kind, input }: Work): unknown {
  if (kind === 'bytes') return handler.applySync(undefined, [input], COPYING);
  if (kind === 'number') return handler.applySync(undefined, [input], PLAIN);
  // A little faster than copying the objects.
  return JSON.parse(handler.applySync(undefined, [JSON.stringify(input)], PLAIN) as string);
}
