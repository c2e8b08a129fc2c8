/** Node's own threads: an isolate and an event loop each. */
import { Worker } from 'node:worker_threads';
import { Exchange } from './exchange.js';
import { MEMORY_MIB, type Peer, type Subject } from './peer.js';
import { WORKS, type Work } from './work.js';

export const workerThreads: Peer = {
  name: 'worker_threads',
  version: () => process.versions.node,
  how: {
    fresh: 'a new thread that gets the input, answers and ends',
    warm: 'a message to one thread, and its answer',
  },
  open: async (name, mode) => (mode === 'fresh' ? fresh(WORKS[name]) : warm(WORKS[name])),
};

function start(source: string, input?: Work['input']): Worker {
  return new Worker(`const { parentPort, workerData } = require('node:worker_threads');\n${source}`, {
    eval: true,
    env: {},
    workerData: input,
    resourceLimits: { maxOldGenerationSizeMb: MEMORY_MIB },
  });
}

function fresh(work: Work): Subject {
  const source = `parentPort.postMessage((${work.handler})(workerData));`;
  const call = async () => {
    const worker = start(source, work.input);
    const ended = new Promise((resolve) => worker.once('exit', resolve));
    try {
      work.check(await listen(worker).ask(() => {}));
    } finally {
      // What it takes to end is the call's to pay, as it is with every peer.
      await ended;
    }
  };
  return { call, close: () => {} };
}

function warm(work: Work): Subject {
  const worker = start(
    `const handler = ${work.handler};\nparentPort.on('message', (input) => parentPort.postMessage(handler(input)));`,
  );
  const exchange = listen(worker);
  const call = async () => work.check(await exchange.ask(() => worker.postMessage(work.input)));
  const close = async () => {
    await worker.terminate();
  };
  return { call, close };
}

function listen(worker: Worker): Exchange {
  const exchange = new Exchange(() => void worker.terminate());
  worker.on('message', (answer) => exchange.answer(answer));
  worker.on('error', (error) => exchange.fail(error));
  worker.on('exit', () => exchange.fail(new Error('the thread ended without an answer')));
  return exchange;
}
