/** How a worker notices what it is sent: its bell, and the messages that count in its ring. */
import type { MessagePort, TransferListItem } from 'node:worker_threads';
import type * as comlink from 'comlink';
import nodeEndpoint from 'comlink/dist/esm/node-adapter.mjs';
import { WORD } from './ring.js';

/**
 * A port on which every message sent counts, so that a worker that serves its ring knows of it. It must not know the link:
 * comlink keeps it until the proxy that the link has is collected.
 */
export function endpointOf(port: MessagePort, words: Int32Array): comlink.Endpoint {
  return {
    ...nodeEndpoint(port),
    postMessage: (message: unknown, transfer?: readonly TransferListItem[]) => {
      port.postMessage(message, transfer);
      Atomics.add(words, WORD.control, 1);
      wake(words);
    },
  };
}

/** Has a worker that sleeps look at its ring. */
export function wake(words: Int32Array): void {
  Atomics.add(words, WORD.bell, 1);
  if (Atomics.load(words, WORD.asleep) === 1) Atomics.notify(words, WORD.bell);
}
