import { inOrder } from './call-many.js';
import { blame, callSite } from './call-site.js';
import { checkLength, type Definition, indexOf, inputRoom } from './definition.js';
import { SnapvmError } from './errors.js';
import { failureToError, isPoisoning } from './guest-errors.js';
import { readLogs } from './guests/guest.js';
import type { JsValue } from './guests/js/values.js';
import type { LinuxResult } from './guests/linux/codec.js';
import { callHost, type HostFunction } from './host-functions.js';
import type { LogFields } from './logger.js';
import {
  type CallManyOptions,
  type CallOptions,
  type CheckedCallOptions,
  checkCallOptions,
  checkManyOptions,
  type LinuxCallOptions,
} from './policy.js';
import type { HostCalls } from './pool/call.js';
import { monotonicUs } from './pool/clock.js';
import type { Pool } from './pool/pool.js';
import type { CallCost, CallReply, GuestLogs } from './pool/protocol.js';
import type { Snapshot } from './snapshot/snapshot.js';
import { type SnapshotBytes, snapshotBytes } from './snapshot-bytes.js';
import { type CallStats, Recorder } from './stats.js';

/** What a handle asks of its engine. */
export interface FunctionHost {
  readonly pool: Pool;
  readonly hostFunctions: ReadonlyMap<string, HostFunction>;
  nextCallId(): number;
  logs(logs: GuestLogs, fields: LogFields): void;
  hostFunctionFailed(error: unknown, fields: LogFields): void;
  /** So many calls in a row left their sandbox poisoned. */
  poisoned(name: string, inRow: number, error: SnapvmError): void;
  undefine(handle: { readonly name: string }): Promise<void>;
}

const US_PER_MS = 1000;

/** What a native guest is called with: bytes, text (sent as UTF-8), or nothing. */
export type Input = Uint8Array | string | undefined;

/** One call as its caller made it. */
interface Made extends CheckedCallOptions {
  readonly definition: Definition;
  readonly id: number;
  readonly called: string;
}

/**
 * A defined function. Every call starts from the same state and leaves nothing behind.
 *
 * A handle stands for a name: when the name is defined anew, calls from then on run the new guest, and those on their
 * way end in the old one.
 */
export class FunctionHandle<In = Input, Out = Uint8Array, Options extends object = CallOptions> {
  /** The name it was defined by. */
  readonly name: string;
  readonly #host: FunctionHost;
  #definition: Definition | undefined;
  /** The definition, or the last one there was. */
  #last: Definition | undefined;
  readonly #recorder = new Recorder();
  #lastCost: CallCost = { startedUs: 0, runUs: 0, stickyPages: 0, restores: 0, rebuilds: 0 };

  /** @internal Use `engine.define`. */
  constructor(name: string, host: FunctionHost) {
    this.name = name;
    this.#host = host;
  }

  /** BLAKE3 of what it is built from, 64 hex digits: names what runs, on any machine. */
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

  /** What its snapshot takes of the machine's memory. @throws SnapvmError `SNAPVM_SNAPSHOT_CLOSED` */
  get snapshotBytes(): SnapshotBytes {
    return snapshotBytes(this.#known());
  }

  /** What its calls have cost, and how they ended. */
  stats(): CallStats {
    return this.#recorder.stats;
  }

  /** Of the last call that ran: what it cost, and the sandbox it ran in. */
  get lastCost(): CallCost {
    return this.#lastCost;
  }

  /** @internal */
  get recorder(): Recorder {
    return this.#recorder;
  }

  /** @internal What calls run from now on; gives what they ran before. */
  replace(definition: Definition | undefined): Definition | undefined {
    const before = this.#definition;
    this.#definition = definition;
    this.#last = definition ?? before;
    return before;
  }

  /**
   * Calls the guest from fresh state and gives what it answered.
   * @param input Bytes, or text sent as UTF-8; nothing is no bytes. Bytes may be changed as soon as `call` returns.
   * @throws SnapvmError `SNAPVM_CALL_*`, `SNAPVM_GUEST_*`, `SNAPVM_ENGINE_CLOSED`, `SNAPVM_ENGINE_UNKNOWN`,
   *   `SNAPVM_ENGINE_QUEUE_FULL`, `SNAPVM_ENGINE_WORKER_LOST`, `SNAPVM_CONFIG_*`, `SNAPVM_HOST_*`. Its stack is that of
   *   the caller.
   */
  async call(...[input, options]: CallArguments<In, Options>): Promise<Out> {
    // Made at once, so that the caller's stack is still there; most of its cost falls while the guest runs.
    let reply: Promise<Out>;
    try {
      reply = this.#call(input, options ?? {});
    } catch (error) {
      throw blame(error, callSite());
    }
    const site = callSite();
    try {
      return await reply;
    } catch (error) {
      throw blame(error, site);
    }
  }

  /**
   * Calls the guest once for each input, some at a time, and gives the answers in the order of the inputs. Ends with
   * the error of the first input whose call failed; then, and when the caller stops early, calls on their way are
   * aborted.
   * @throws SnapvmError as `call`
   */
  callMany(
    inputs: Iterable<In> | AsyncIterable<In>,
    options: Options & ManyOptions = {} as Options & ManyOptions,
  ): AsyncGenerator<Out, void, undefined> {
    return this.#callMany(inputs, options, callSite());
  }

  /**
   * Takes the definition back: further calls fail with `SNAPVM_ENGINE_UNKNOWN`. Resolves when those on their way have
   * ended and everything is released. Idempotent.
   */
  undefine(): Promise<void> {
    return this.#host.undefine(this);
  }

  async *#callMany(
    inputs: Iterable<In> | AsyncIterable<In>,
    options: Options & ManyOptions,
    site: Error,
  ): AsyncGenerator<Out, void, undefined> {
    const stop = new AbortController();
    try {
      const { inFlight, signal, ...each } = checkManyOptions(
        options,
        this.#known().policy,
        this.#known().codec.callOptions,
      );
      const signals = signal === undefined ? [stop.signal] : [signal, stop.signal];
      const given = { ...each, signal: AbortSignal.any(signals) };
      const atOnce = Math.min(inFlight, this.#host.pool.capacity);
      yield* inOrder(inputs, atOnce, (input) => this.#callWith(input, given));
    } catch (error) {
      throw error instanceof SnapvmError ? blame(error, site) : error;
    } finally {
      stop.abort();
    }
  }

  /** `call` without the type of its arguments, which depends on whether an input may be left out. */
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

  /** Throws at once what is wrong with the call itself. */
  #call(input: unknown, given: CallOptions): Promise<Out> {
    const definition = this.#current();
    const { codec } = definition;
    const options = checkCallOptions(given, definition.policy, codec.callOptions);
    const bytes = codec.encode(input, { ...given });
    checkLength(bytes, definition);
    const functionIndex = indexOf(options.fn, definition);
    const made: Made = {
      ...options,
      definition,
      id: this.#host.nextCallId(),
      called: definition.functions[functionIndex] as string,
    };
    definition.inFlight += 1;
    const submittedUs = monotonicUs();
    const reply = this.#host.pool.call({
      target: definition.target,
      id: made.id,
      input: bytes,
      functionIndex,
      limits: options.limits,
      signal: options.signal,
      hostCalls: this.#hostCalls(made),
      lateLogs: (logs) => this.#log(logs, made),
    });
    return this.#settle(reply, made, submittedUs);
  }

  async #settle(pending: Promise<CallReply>, made: Made, submittedUs: number): Promise<Out> {
    const { definition } = made;
    try {
      const reply = await pending;
      if (reply.cost.startedUs > 0) this.#lastCost = reply.cost;
      this.#recorder.ran(reply.cost, submittedUs);
      this.#log(reply.logs, made);
      if (!reply.ok) throw this.#failure(reply, made);
      const answer = definition.codec.decode(reply.output);
      definition.poisonedInRow = 0;
      this.#recorder.ended();
      return answer as Out; // the codec is that of the kind of guest the handle was made for
    } catch (error) {
      this.#recorder.ended(error instanceof SnapvmError ? error.code : 'SNAPVM_INTERNAL');
      throw this.#named(error, made);
    } finally {
      definition.ended();
    }
  }

  #log(logs: GuestLogs, { called, id, definition }: Made): void {
    this.#host.logs(readLogs(logs, definition.codec), { function: this.name, fn: called, call: id });
  }

  #failure({ failure, cost }: Extract<CallReply, { ok: false }>, made: Made): SnapvmError {
    const { definition, signal } = made;
    const error = failureToError(failure, {
      name: this.name,
      fn: made.called,
      call: made.id,
      signal,
      late: isLate(cost, made),
      symbolize: (rip) => definition.snapshot.symbolize(rip),
      failed: definition.codec.failed,
      faulted: definition.codec.faulted,
    });
    if (isPoisoning(error.code)) this.#host.poisoned(this.name, ++definition.poisonedInRow, error);
    return error;
  }

  /** The error with which call it was: what the pool throws does not say, and may be thrown at several. */
  #named(error: unknown, { called, id }: Made): unknown {
    if (!(error instanceof SnapvmError) || error.details['call'] !== undefined) return error;
    const details = { function: this.name, fn: called, call: id, ...error.details };
    return new SnapvmError(
      error.code,
      error.message,
      details,
      'cause' in error ? { cause: error.cause } : {},
    );
  }

  #hostCalls({ definition, called, id }: Made): HostCalls {
    return (_call, name, payload, signal) => {
      this.#recorder.calledHost();
      const allowed = definition.policy.hostFunctions.has(name);
      const run = allowed ? this.#host.hostFunctions.get(name) : undefined;
      const fields = { function: this.name, fn: called, call: id };
      return callHost(
        { run, codec: definition.codec, mostBytes: inputRoom(definition) },
        payload,
        { ...fields, signal },
        (error) => this.#host.hostFunctionFailed(error, { ...fields, hostFunction: name }),
      );
    };
  }
}

/** Whether a call that was stopped was stopped by its deadline, and not by its time limit or its signal. */
function isLate({ startedUs }: CallCost, { limits, signal }: Made): boolean {
  const { deadlineUs, timeoutMs } = limits;
  if (deadlineUs === 0 || signal?.aborted || monotonicUs() < deadlineUs) return false;
  return startedUs === 0 || deadlineUs <= startedUs + timeoutMs * US_PER_MS;
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

/** A function of any kind, as far as they have something in common. */
export type AnyHandle = Pick<
  FunctionHandle,
  'name' | 'hash' | 'functions' | 'snapshot' | 'snapshotBytes' | 'stats' | 'lastCost' | 'undefine'
>;

/** What a function of some kind is called with. */
export type AnyInput = Input | JsValue;

/** Options of a call of a function of some kind. */
export type AnyCallOptions = CallOptions & Pick<LinuxCallOptions, 'args'>;
