/** A worker thread with a sandbox of its own, whose guest spins until the thread is closed. */
import { parentPort, workerData } from 'node:worker_threads';
import { addon } from '../../src/addon/addon.js';
import type { Backend } from '../../src/base/backend-name.js';
import type { SnapshotDescriptor } from '../../src/wire/descriptor.js';
import { Sandbox } from '../../workers/sandbox.js';

const { descriptor, backend } = workerData as {
  readonly descriptor: SnapshotDescriptor;
  readonly backend: Backend;
};
const options = { maxExits: 100, maxLogBytes: 1000, verifyRestore: false };
const sandbox = new Sandbox(descriptor, options, backend);
parentPort?.postMessage(addon().interrupterId());
sandbox.call(new Uint8Array(0), descriptor.functions.indexOf('loop_pages'), 1, {
  timeoutMs: 60_000,
  cpuMs: 0,
});
// The guest was stopped because its thread is being closed: there is nothing to clean up on purpose.
