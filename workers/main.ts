/** The piscina task of a worker (by entry.cts): from now on it serves a ring of calls and two ports, until they close. */
import { type MessagePort, threadId } from 'node:worker_threads';
import * as comlink from 'comlink';
import nodeEndpoint from 'comlink/dist/esm/node-adapter.mjs';
import { addon, typed } from '../src/addon/addon.js';
import { setImmediate } from '../src/base/globals.js';
import type { CallAnswer, Hello, HostApi, WorkerApi, WorkerSetup } from '../src/wire/protocol.js';
import { RingViews } from '../src/wire/ring.js';
import { Calls } from './calls.js';
import { thrown } from './failure.js';
import { FrozenGuests } from './frozen-guests.js';
import { Residents } from './residents.js';
import { Server } from './server.js';

/** Attaches this thread to its ring and ports. @returns the thread's id */
export default function attach(setup: WorkerSetup): number {
  const { control, host, answers } = setup;
  const ring = new RingViews(setup.ring);
  const server = new Server(setup, ring);
  const residents = new Residents(server.addon, setup.backend, setup.residentBytes, ring);
  const post = (answer: CallAnswer): void => {
    answers.postMessage(answer, answer.reply.ok ? [answer.reply.output.buffer] : []);
  };
  // Before comlink listens: a message counts as handled with the turn it arrives in.
  for (const port of [control, host]) port.on('message', () => server.countMessage());
  const calls = new Calls(ring, setup.arena, residents, comlink.wrap<HostApi>(endpoint(host)), post);
  const frozen = new FrozenGuests(setup.backend);
  const api: WorkerApi = {
    hello,
    initialise: (request) => frozen.initialise(request),
    define: (spec) => residents.define(spec),
    forget: (snapshotId) => residents.forget(snapshotId),
    releaseFrozen: (imageId) => frozen.forget(imageId),
  };
  comlink.expose(api, endpoint(control));
  answers.once('close', () => {
    calls.close();
    residents.close();
    frozen.close();
  });
  // After this turn: first piscina has to be told that the worker is attached.
  setImmediate(() => void server.run(calls, residents));
  return threadId;
}

function hello(): Hello {
  try {
    return { interrupterId: typed(() => addon().interrupterId()), threadId };
  } catch (error) {
    return thrown(error);
  }
}

function endpoint(port: MessagePort): comlink.Endpoint {
  return nodeEndpoint(port);
}
