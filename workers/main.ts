/** The piscina task of a worker: from now on it serves two ports, until they close. */
import { threadId } from 'node:worker_threads';
import * as comlink from 'comlink';
import nodeEndpoint from 'comlink/dist/esm/node-adapter.mjs';
import { native } from '../src/native.js';
import type { CallAnswer, CallRequest, WorkerApi, WorkerPorts } from '../src/pool/protocol.js';
import { Residents } from './residents.js';

export default function attach({ control, calls }: WorkerPorts): void {
  const residents = new Residents();
  const api: WorkerApi = {
    hello: () => ({ interrupterId: native().interrupterId(), threadId }),
    initialise: (request) => residents.initialise(request),
    forget: (snapshotId) => residents.forget(snapshotId),
  };
  comlink.expose(api, nodeEndpoint(control));
  calls.on('message', (request: CallRequest) => {
    const reply = residents.call(request);
    const answer: CallAnswer = { ticket: request.ticket, reply };
    calls.postMessage(answer, reply.ok ? [reply.output.buffer] : []);
  });
  control.once('close', () => residents.close());
}
