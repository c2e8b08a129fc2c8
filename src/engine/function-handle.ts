import { types } from 'node:util';
import { onAbort } from '../base/abort.js';
import { blame, callSite } from '../base/call-site.js';
import { checkObject } from '../base/checks.js';
import { SnapvmError } from '../base/errors.js';
import type { JsValue } from '../base/js-value.js';
import type { LinuxResult } from '../guests/program-result.js';
import type { Pool } from '../pool/pool.js';
import type { Snapshot } from '../snapshot/snapshot.js';
import { type CallCost, type CallReply, NO_COST } from '../wire/protocol.js';
import { type CallServices, MadeCall } from './call.js';
import { inOrder } from './call-many.js';
import {
  type CallManyOptions,
  type CallOptions,
  type CheckedCallOptions,
  checkCallOptions,
  checkManyOptions,
  type LinuxCallOptions,
  type ServedCallOptions,
  servedCallOptions,
} from './call-options.js';
import type { Definition } from './definition.js';
import { type SnapshotBytes, snapshotBytes } from './snapshot-bytes.js';
import { type CallStats, Recorder } from './stats.js';

/** What a handle asks of its engine. */
export interface FunctionServices extends CallServices {
  readonly pool: Pool;
  nextCallId(): number;
  undefine(handle: { readonly name: string }): Promise<void>;
}

/**
 * While at most so many calls are pending, each notes where it was made, which takes 2 us. A busier engine
 * has no time for that; then the line of a call that fails is known if somebody awaits it, which costs
 * nothing.
 */
const SITES = 16;

const NO_OPTIONS = Object.freeze({ __proto__: null });

/** What a native guest is called with: bytes, text (sent as UTF-8), or nothing. */
export type Input = Uint8Array | string | undefined;

/**
 * A defined function. Every call starts from the same state and leaves nothing behind.
 *
 * A handle stands for a name. When the name is defined anew, further calls run the new guest; calls that were
 * made before still end in the old one.
 */
export class FunctionHandle<In = Input, Out = Uint8Array, Options extends object = CallOptions> {
  /** The name the function was defined by. */
  readonly name: string;
  readonly #engine: FunctionServices;
  #definition: Definition | undefined;
  /** The current definition, or the last one there was. */
  #last: Definition | undefined;
  readonly #recorder = new Recorder();
  #lastCost = NO_COST;

  /** @internal Use `engine.define`. */
  constructor(name: string, engine: FunctionServices) {
    this.name = name;
    this.#engine = engine;
  }

  /** The BLAKE3 hash of all it is built from, 64 hex digits. It names what runs, on any machine. */
  get hash(): string {
    return this.#known().hash;
  }

  /** The functions the guest exports; `call` without `fn` calls the first. */
  get functions(): readonly string[] {
    return this.#known().functions;
  }

  /** The built snapshot: layout, rights, symbols. */
  get snapshot(): Snapshot {
    return this.#known().snapshot;
  }

  /** Whether its ready snapshot came from the engine's store, so that nothing ran to define it. */
  get loaded(): boolean {
    return this.#known().derived?.loaded ?? false;
  }

  /** @internal The keys of its ready snapshots in the engine's store; others may have some of them too. */
  get storeKeys(): readonly string[] {
    return this.#known().storeKeys;
  }

  /** The bytes of memory that its snapshot takes. @throws SnapvmError `SNAPVM_SNAPSHOT_CLOSED` */
  get snapshotBytes(): SnapshotBytes {
    return snapshotBytes(this.#known());
  }

  /** What its calls have cost, and how they ended. */
  stats(): CallStats {
    return this.#recorder.stats;
  }

  /** What the last call that ran cost, and the sandbox it ran in. */
  get lastCost(): CallCost {
    return this.#lastCost;
  }

  /** @internal */
  get recorder(): Recorder {
    return this.#recorder;
  }

  /** @internal Sets what calls run from now on, and gives what they ran before. */
  replace(definition: Definition | undefined): Definition | undefined {
    const before = this.#definition;
    this.#definition = definition;
    this.#last = definition ?? before;
    return before;
  }

  /**
   * Calls the guest from fresh state and gives what it answered.
   * @param input Bytes, or text sent as UTF-8; nothing is no bytes. Bytes may be changed as soon as `call`
   * returns.
   * @throws SnapvmError `SNAPVM_CALL_*`, `SNAPVM_GUEST_*`, `SNAPVM_ENGINE_CLOSED`, `SNAPVM_ENGINE_UNKNOWN`,
   * `SNAPVM_ENGINE_QUEUE_FULL`, `SNAPVM_ENGINE_WORKER_LOST`, `SNAPVM_CONFIG_*`, `SNAPVM_HOST_*`. Its stack is
   * that of the caller; with more than 16 calls on their way, if the caller awaits the call.
   */
  async call(...[input, options]: CallArguments<In, Options>): Promise<Out> {
    let made: MadeCall | undefined;
    let site: Error | undefined;
    try {
      made = this.#make(input, options);
      const { pool } = this.#engine;
      const reply = pool.call(made);
      // Not before: most of what it costs falls while the guest runs.
      if (pool.pending <= SITES) site = callSite();
      return await this.#read(made, reply);
    } catch (error) {
      throw blame(this.#failed(made, error), site ?? callSite());
    } finally {
      made?.definition.ended();
    }
  }

  /**
   * @internal A call that a server makes: it has checked the options, and nobody looks for the line that called.
   * @throws SnapvmError as `call`
   */
  async serve(input: In, options: ServedCallOptions): Promise<Out> {
    let made: MadeCall | undefined;
    try {
      const definition = this.#current();
      made = this.#begin(definition, input, servedCallOptions(options, definition.policy), options);
      return await this.#read(made, this.#engine.pool.call(made));
    } catch (error) {
      throw this.#failed(made, error);
    } finally {
      made?.definition.ended();
    }
  }

  /**
   * Calls the guest once for each input, some at a time, and gives the answers in the order of the inputs.
   * Ends with the error of the first input whose call failed. Then, and when the caller stops early, the
   * other calls are aborted.
   * @throws SnapvmError as `call`
   */
  callMany(
    inputs: Iterable<In> | AsyncIterable<In>,
    options: Options & ManyOptions = {} as Options & ManyOptions,
  ): AsyncGenerator<Out, void, undefined> {
    return this.#callMany(inputs, options, callSite());
  }

  /**
   * Removes the function: further calls fail with `SNAPVM_ENGINE_UNKNOWN`. Resolves when the calls that were
   * made have ended and everything is released, as `engine.undefine` does. Idempotent.
   */
  undefine(): Promise<void> {
    return this.#engine.undefine(this);
  }

  async *#callMany(
    inputs: Iterable<In> | AsyncIterable<In>,
    options: Options & ManyOptions,
    site: Error,
  ): AsyncGenerator<Out, void, undefined> {
    const stop = new AbortController();
    let forget = (): void => {};
    try {
      const { inFlight, signal, ...each } = checkManyOptions(
        options,
        this.#known().policy,
        this.#known().codec.callOptions,
      );
      forget = stopWith(stop, signal);
      const given = { ...each, signal: stop.signal };
      const atOnce = Math.min(inFlight, this.#engine.pool.capacity);
      yield* inOrder(inputs, atOnce, (input) => this.#callWith(input, given));
    } catch (error) {
      throw error instanceof SnapvmError ? blame(error, site) : error;
    } finally {
      forget();
      stop.abort();
    }
  }

  /** Calls `call`, whose type of arguments depends on whether an input may be left out. */
  #callWith(input: In, options: object): Promise<Out> {
    const call: (...given: never) => Promise<Out> = this.call.bind(this);
    return (call as (input: In, options: object) => Promise<Out>)(input, options);
  }

  #known(): Definition {
    if (this.#last !== undefined) return this.#last;
    throw new SnapvmError('SNAPVM_INTERNAL', `${JSON.stringify(this.name)} was never defined`);
  }

  #current(): Definition {
    if (this.#definition !== undefined) return this.#definition;
    throw new SnapvmError(
      'SNAPVM_ENGINE_UNKNOWN',
      `${JSON.stringify(this.name)} is not defined any more; define it again, and call it by its new handle`,
      { function: this.name },
    );
  }

  /** Makes a call of the current definition. @throws SnapvmError what is wrong with the call itself */
  #make(input: unknown, given: CallOptions | undefined): MadeCall {
    const definition = this.#current();
    const { policy, codec } = definition;
    if (given == null) return this.#begin(definition, input, policy.call, NO_OPTIONS);
    const own = checkObject('options', given);
    return this.#begin(definition, input, checkCallOptions(own, policy, codec.callOptions), own);
  }

  #begin(
    definition: Definition,
    input: unknown,
    options: CheckedCallOptions,
    given: Readonly<Record<string, unknown>>,
  ): MadeCall {
    const made = new MadeCall(this.#engine, definition, this.#recorder, input, options, given);
    made.id = this.#engine.nextCallId();
    definition.inFlight += 1;
    return made;
  }

  /** Gives the answer of a call, and counts it. @throws SnapvmError how the call failed */
  async #read(made: MadeCall, pending: Promise<CallReply>): Promise<Out> {
    const reply = await pending;
    if (reply.cost.startedUs > 0) this.#lastCost = reply.cost;
    const answer = made.answer(reply);
    const read = types.isPromise(answer) ? await this.#engine.pool.reading(answer) : answer;
    made.definition.poisonedInRow = 0;
    this.#recorder.ended();
    return read as Out; // the codec is that of the kind of guest the handle was made for
  }

  /** Gives the error of a call that failed, and counts it unless the call could not even be made. */
  #failed(made: MadeCall | undefined, error: unknown): unknown {
    if (made === undefined) return error;
    this.#recorder.ended(error instanceof SnapvmError ? error.code : 'SNAPVM_INTERNAL');
    return made.named(error);
  }
}

/** Aborts `stop` when `signal` aborts, with the same reason. Gives a function that undoes this. */
function stopWith(stop: AbortController, signal: AbortSignal | undefined): () => void {
  if (signal?.aborted) stop.abort(signal.reason);
  return onAbort(signal, () => stop.abort(signal?.reason));
}

/** The arguments of `call`: an input that may be undefined may be left out. */
export type CallArguments<In, Options = CallOptions> = undefined extends In
  ? [input?: In, options?: Options]
  : [input: In, options?: Options];

/** What `callMany` takes beside the options of a call. */
export type ManyOptions = Pick<CallManyOptions, 'inFlight'>;

/** A Linux program: standard input in, exit code and output out. */
export type LinuxHandle = FunctionHandle<Input, LinuxResult, LinuxCallOptions>;

/** A JavaScript function: values in, values out. */
export type JsHandle = FunctionHandle<JsValue, JsValue>;

/** What functions of every kind have in common. */
export type AnyHandle = Pick<
  FunctionHandle,
  'name' | 'hash' | 'functions' | 'snapshot' | 'snapshotBytes' | 'stats' | 'lastCost' | 'undefine'
>;

/** What a function of some kind is called with. */
export type AnyInput = Input | JsValue;

/** Options of a call of a function of some kind. */
export type AnyCallOptions = CallOptions & Pick<LinuxCallOptions, 'args' | 'onStdout'>;
