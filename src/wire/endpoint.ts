/** How a worker learns that it was sent something: its doorbell, and the count of messages in its ring. */
import type { MessagePort, TransferListItem } from 'node:worker_threads';
import * as comlink from 'comlink';
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

/** A message of comlink: a question, or its answer. */
interface Message {
  readonly id: string;
}

type Listener = (event: { readonly data: unknown }) => void;

/**
 * Proxies of what is at the other end of a port, for one question each. comlink names its questions by Math.random, and
 * where a test has made that a constant, a proxy would take one's answer for another's.
 */
export class Questions<Api> {
  readonly #port: comlink.Endpoint;
  /** By number: who waits for an answer, and comlink's name of the question. */
  readonly #asked = new Map<number, { readonly id: string; readonly listener: Listener }>();
  #last = 0;

  constructor(port: comlink.Endpoint) {
    this.#port = port;
    port.addEventListener('message', ({ data }: { data: unknown }) => this.#answered(data as Message));
  }

  /** A new proxy, which is to be asked once. */
  next(): comlink.Remote<Api> {
    const number = ++this.#last;
    let listener: Listener | undefined;
    return comlink.wrap<Api>({
      addEventListener: (_type: string, given: unknown) => {
        listener = given as Listener;
      },
      removeEventListener: () => {},
      postMessage: (message: Message, transfer?: Parameters<comlink.Endpoint['postMessage']>[1]) => {
        // What comes after the question is comlink's goodbye, once it is collected; the other end serves more.
        if (listener === undefined) return;
        this.#asked.set(number, { id: message.id, listener });
        listener = undefined;
        this.#port.postMessage({ ...message, id: `${number}` }, transfer);
      },
    });
  }

  #answered(answer: Message): void {
    const asked = this.#asked.get(Number(answer.id));
    if (asked === undefined) return;
    this.#asked.delete(Number(answer.id));
    asked.listener({ data: { ...answer, id: asked.id } });
  }
}

/** Has a worker that sleeps look at its ring. */
export function wake(words: Int32Array): void {
  Atomics.add(words, WORD.doorbell, 1);
  if (Atomics.load(words, WORD.asleep) === 1) Atomics.notify(words, WORD.doorbell);
}
