/**
 * Runs what assistants bring: code, and the programs of the configuration. It has an engine of its own, without a store,
 * so that such code takes no worker of a deployed function, and leaves nothing on disk.
 */

import { SnapvmError } from '../../base/errors.js';
import { now } from '../../base/globals.js';
import type { CallCosts } from '../../engine/call-options.js';
import { Engine } from '../../engine/engine.js';
import type { AnyCallOptions } from '../../engine/function-handle.js';
import { Definitions } from '../functions/definitions.js';
import type { EngineSource } from '../functions/engine-source.js';
import type { CallableHandle } from '../functions/model.js';
import { Lines, LinesByFunction } from './lines.js';
import type { CheckedMcp } from './options.js';
import { Slots } from './slots.js';
import type { Caller, Spent } from './tool.js';

/** Something to run. */
export interface Job {
  /** Names the definition: the same name is the same source with the same policy. */
  readonly name: string;
  /** What runs it, in the words of quotas and metrics; without, it is no call of the tenant's. */
  readonly tool?: string;
  readonly source: () => EngineSource;
  readonly policy: Readonly<Record<string, unknown>>;
  readonly input: unknown;
  readonly options?: Pick<AnyCallOptions, 'fn' | 'args' | 'timeoutMs'>;
  /** Whether the same will hardly be run again. @default false */
  readonly once?: boolean;
  readonly caller: Caller;
  readonly signal: AbortSignal;
  /** Gets what it prints, when it is defined and when it is called. */
  readonly lines: Lines;
}

/** Definitions that are kept for the next run of the same. */
const MOST_DEFINED = 16;
const US_PER_MS = 1000;

/** While it is counted. */
type Counted = { -readonly [Name in keyof Spent]: Spent[Name] };

interface Parts {
  readonly engine: Engine;
  readonly definitions: Definitions;
  readonly printed: LinesByFunction;
}

/** An engine that starts with the first run. */
export class Runner {
  readonly #options: CheckedMcp;
  readonly #slots: Slots;
  readonly #printedWhenDefined = new WeakMap<CallableHandle, Lines>();
  #parts: Promise<Parts> | undefined;
  #closed = false;

  constructor(options: CheckedMcp) {
    this.#options = options;
    this.#slots = new Slots(options.concurrent);
  }

  /**
   * Runs a job in its turn, from fresh state.
   * @throws SnapvmError what `engine.define` and the handle's `call` throw, what `Slots.take` and `Caller.admit` throw
   */
  async run(job: Job): Promise<unknown> {
    const admitted = job.tool === undefined ? undefined : job.caller.admit(job.tool);
    const spent: Counted = { runUs: 0 };
    let code: string | undefined;
    try {
      const giveBack = await this.#slots.take(job.caller.tenant, job.signal);
      try {
        return await this.#run(job, spent);
      } finally {
        giveBack();
      }
    } catch (error) {
      code = error instanceof SnapvmError ? error.code : 'SNAPVM_INTERNAL';
      throw error;
    } finally {
      admitted?.end(spent, code);
    }
  }

  /** Ends the engine, and what runs in it. Idempotent. */
  async close(): Promise<void> {
    this.#closed = true;
    const parts = await this.#parts?.catch(() => undefined);
    await parts?.engine.close();
  }

  async #run(job: Job, spent: Counted): Promise<unknown> {
    const { definitions, printed } = await this.#started();
    const use = await definitions.use(job.name, undefined, () =>
      this.#define(definitions, printed, job, spent),
    );
    try {
      const said = this.#printedWhenDefined.get(use.handle);
      if (said !== undefined) job.lines.copy(said);
      return await use.handle.call(job.input as never, {
        ...job.options,
        signal: job.signal,
        logger: job.lines,
        onCost: ({ runUs, queueUs, stickyPages }: CallCosts) => {
          spent.runUs += runUs;
          spent.queueUs = queueUs;
          spent.dirtyPages = stickyPages;
        },
      });
    } finally {
      use.release();
      if (job.once === true) definitions.forget(job.name).catch(() => {}); // the engine has ended
    }
  }

  /** Evaluating a module takes time of a worker, as a call does. */
  async #define(
    definitions: Definitions,
    printed: LinesByFunction,
    { name, source, policy, lines }: Job,
    spent: Counted,
  ): Promise<CallableHandle> {
    const said = new Lines();
    printed.follow(name, said);
    const beganMs = now();
    try {
      const handle = await definitions.make(name, source(), policy);
      this.#printedWhenDefined.set(handle, said);
      return handle;
    } catch (error) {
      lines.copy(said);
      throw error;
    } finally {
      printed.leave(name);
      spent.runUs += (now() - beganMs) * US_PER_MS;
    }
  }

  async #started(): Promise<Parts> {
    if (this.#closed) throw new SnapvmError('SNAPVM_ENGINE_CLOSED', 'the tools have ended');
    this.#parts ??= this.#start();
    try {
      return await this.#parts;
    } catch (error) {
      this.#parts = undefined; // the machine may have memory the next time
      throw error;
    }
  }

  async #start(): Promise<Parts> {
    const { backend, concurrent } = this.#options;
    const printed = new LinesByFunction();
    const engine = await Engine.start({
      ...(backend !== undefined && { backend }),
      workers: concurrent,
      logger: printed,
    });
    return { engine, printed, definitions: new Definitions(engine, MOST_DEFINED, undefined) };
  }
}
