import { MessageChannel, type MessagePort } from 'node:worker_threads';
import type { WorkerSetup } from '../wire/protocol.js';

/** Hands a worker what it is to serve (workers/main.ts). */
export type Attach = (setup: WorkerSetup, transfer: readonly MessagePort[]) => Promise<void>;

/** The ports between the main thread and one worker; WorkerSetup says what goes through each. */
export type WorkerPorts = Readonly<Record<'control' | 'host' | 'answers', MessagePort>>;

/** Opens the ports of a new worker: the main thread's ends and the worker's. */
export function openPorts(): { readonly ours: WorkerPorts; readonly theirs: WorkerPorts } {
  const [control, host, answers] = [new MessageChannel(), new MessageChannel(), new MessageChannel()];
  return {
    ours: { control: control.port1, host: host.port1, answers: answers.port1 },
    theirs: { control: control.port2, host: host.port2, answers: answers.port2 },
  };
}
