import type { Backend } from '../base/backend-name.js';

/** What a pool is started with. */
export interface PoolOptions {
  /** What runs guests. */
  readonly backend: Backend;
  /** How many worker threads there are. */
  readonly workers: number;
  /** How many calls may wait for a worker or for a host function, beyond one for each worker. */
  readonly maxQueue: number;
  /** How many bytes of private memory the sandboxes of all workers should hold at most. */
  readonly residentBytes: number;
}

/** Who is told what happens to a pool. */
export interface PoolEvents {
  /** A worker thread has ended, and `calls` calls were lost with it. */
  workerReplaced(lost: { readonly threadId: number; readonly calls: number }): void;
  /** A call was refused. Told once, until half of the queue is free again. */
  queueFull(queue: { readonly maxQueue: number }): void;
}
