/** The piscina task of a worker: from now on it serves calls over a port, until the port closes. */
import type { MessagePort } from 'node:worker_threads';
import * as comlink from 'comlink';
import nodeEndpoint from 'comlink/dist/esm/node-adapter.mjs';
import { native } from '../src/native.js';
import type { WorkerApi } from '../src/pool/protocol.js';
import { Residents } from './residents.js';

export default function attach({ port }: { readonly port: MessagePort }): void {
  const residents = new Residents();
  const api: WorkerApi = {
    hello: () => ({ interrupterId: native().interrupterId() }),
    initialise: (request) => residents.initialise(request),
    call: (request) => {
      const reply = residents.call(request);
      return reply.ok ? comlink.transfer(reply, [reply.output.buffer]) : reply;
    },
    forget: (snapshotId) => residents.forget(snapshotId),
  };
  comlink.expose(api, nodeEndpoint(port));
  port.once('close', () => residents.close());
}
