import { availableParallelism } from 'node:os';
import { SnapvmError } from './errors.js';
import { type Definition, FunctionHandle } from './function-handle.js';
import { failureToError } from './guest-errors.js';
import { native, typed } from './native.js';
import { checkName, checkPolicy, type Policy } from './policy.js';
import { Pool } from './pool/pool.js';
import type { GuestLogs } from './pool/protocol.js';
import { type DerivedSnapshot, deriveSnapshot } from './snapshot/derive.js';
import type { GuestEnvironment } from './snapshot/environment.js';
import { loadMonitor } from './snapshot/monitor.js';
import { checkNames, checkObject, checkWhole, wrongKind } from './snapshot/options.js';
import { Snapshot } from './snapshot/snapshot.js';

/** Where guests' log lines go: pino's interface, or the console. */
export interface Logger {
  error(fields: object, text: string): void;
  warn(fields: object, text: string): void;
  info(fields: object, text: string): void;
  debug(fields: object, text: string): void;
  trace(fields: object, text: string): void;
}

export interface EngineOptions {
  /** Worker threads, 1 to 256. @default two, or as many as there are processors if that is more, at most 8 */
  readonly workers?: number;
  /** Gets each line a guest logs, with `{ function, fn }`. @default lines are dropped */
  readonly logger?: Logger;
}

const MAX_WORKERS = 256;
const LEVELS = ['error', 'warn', 'info', 'debug', 'trace'] as const;

/** What belongs to a defined function and has to be released with it. */
interface Owned {
  readonly handle: FunctionHandle;
  readonly snapshot: Snapshot;
  readonly derived: DerivedSnapshot | undefined;
}

/** Runs functions in micro-VMs. An idle engine does not keep the process alive; close it to free what it holds. */
export class Engine {
  readonly #pool: Pool;
  readonly #logger: Logger | undefined;
  readonly #functions = new Map<string, Owned | 'defining'>();
  #closing: Promise<void> | undefined;

  private constructor(pool: Pool, logger: Logger | undefined) {
    this.#pool = pool;
    this.#logger = logger;
  }

  /**
   * Checks the machine and starts the workers.
   * @throws SnapvmError SNAPVM_HOST_PLATFORM, SNAPVM_HOST_ADDON, SNAPVM_HOST_KVM, SNAPVM_HOST_MEMORY, SNAPVM_CONFIG_*
   */
  static async start(options: EngineOptions = {}): Promise<Engine> {
    const checked = checkObject('options', options);
    checkNames('options', checked, ['workers', 'logger']);
    const workers = checkWhole('workers', checked['workers'], 1, MAX_WORKERS) ?? defaultWorkers();
    const logger = checkLogger(checked['logger']);
    // Probed here, on the main thread: errors of the machine arrive typed and before any thread is started.
    await probeMachine();
    return new Engine(await Pool.start(workers), logger);
  }

  /** Worker threads that answer right now. */
  get workers(): number {
    return this.#pool.size;
  }

  /** Ids of the worker threads (`worker.threadId`). */
  get threadIds(): readonly number[] {
    return this.#pool.threadIds;
  }

  /**
   * Builds a guest into a snapshot and, unless the policy says `warm: false`, initialises it once.
   * @throws SnapvmError SNAPVM_ELF_*, SNAPVM_CONFIG_*, SNAPVM_SNAPSHOT_*, SNAPVM_GUEST_*, SNAPVM_ENGINE_NAME,
   *   SNAPVM_ENGINE_CLOSED, SNAPVM_CALL_TIMEOUT when Initialise runs into initTimeoutMs
   */
  async define(name: string, source: GuestEnvironment, policy: Policy = {}): Promise<FunctionHandle> {
    const key = checkName(name);
    const checked = checkPolicy(policy);
    if (this.#functions.has(key)) {
      throw new SnapvmError(
        'SNAPVM_ENGINE_NAME',
        `a function named ${JSON.stringify(key)} is defined already`,
        {
          function: key,
        },
      );
    }
    this.#checkOpen();
    this.#functions.set(key, 'defining');
    try {
      const owned = await this.#build(key, source, checked);
      if (this.#closing !== undefined) {
        release(owned);
        this.#checkOpen();
      }
      this.#functions.set(key, owned);
      return owned.handle;
    } catch (error) {
      this.#functions.delete(key);
      throw error;
    }
  }

  /** Stops running guests (their calls fail with SNAPVM_ENGINE_CLOSED) and frees everything. Idempotent. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #close(): Promise<void> {
    await this.#pool.close();
    for (const owned of this.#functions.values()) {
      if (owned !== 'defining') release(owned);
    }
    this.#functions.clear();
  }

  #checkOpen(): void {
    if (this.#closing === undefined) return;
    throw new SnapvmError(
      'SNAPVM_ENGINE_CLOSED',
      'the engine was closed; start another one to define functions',
    );
  }

  async #build(
    name: string,
    source: GuestEnvironment,
    policy: ReturnType<typeof checkPolicy>,
  ): Promise<Owned> {
    const snapshot = await Snapshot.build(source, policy.memory);
    let derived: DerivedSnapshot | undefined;
    try {
      const { reply, release: releaseFrozen } = await this.#pool.initialise({
        descriptor: snapshot.descriptor,
        options: policy.sandbox,
        limits: policy.initLimits,
      });
      try {
        this.#log(name, reply.logs, undefined);
        if (!reply.ok)
          throw failureToError(reply.failure, { name, symbolize: (rip) => snapshot.symbolize(rip) });
        if (policy.warm) derived = await deriveSnapshot(snapshot.descriptor, reply.ready);
      } finally {
        releaseFrozen();
      }
      const { functions } = reply.ready;
      const definition: Definition = {
        name,
        snapshot,
        descriptor: derived?.descriptor ?? snapshot.descriptor,
        functions,
        policy,
        onLogs: (logs, fn) => this.#log(name, logs, fn),
      };
      return { handle: new FunctionHandle(definition, this.#pool), snapshot, derived };
    } catch (error) {
      derived?.close();
      snapshot.close();
      throw error;
    }
  }

  #log(name: string, { lines, dropped }: GuestLogs, fn: string | undefined): void {
    if (this.#logger === undefined) return;
    const fields = { function: name, ...(fn !== undefined && { fn }) };
    for (const { level, text } of lines) this.#logger[LEVELS[level - 1] ?? 'trace'](fields, text);
    if (dropped > 0) this.#logger.warn({ ...fields, dropped }, 'log lines over maxLogBytes were dropped');
  }
}

function release({ snapshot, derived }: Owned): void {
  derived?.close();
  snapshot.close();
}

function defaultWorkers(): number {
  return Math.min(8, Math.max(2, availableParallelism()));
}

async function probeMachine(): Promise<void> {
  const monitor = await loadMonitor();
  typed(() => native().capabilities(monitor));
}

function checkLogger(logger: unknown): Logger | undefined {
  if (logger === undefined) return undefined;
  const methods = typeof logger === 'object' && logger !== null ? (logger as Record<string, unknown>) : {};
  if (LEVELS.every((level) => typeof methods[level] === 'function')) return logger as Logger;
  throw wrongKind('logger', logger, `an object with the methods ${LEVELS.join(', ')}`);
}
