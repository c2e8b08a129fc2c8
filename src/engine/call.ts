/** One call of a function, as its caller made it. */

import type { StopSignal } from '../base/abort.js';
import { errorOfCode, SnapvmError } from '../base/errors.js';
import { soon } from '../base/globals.js';
import { inSlices, mayReadNow, type Steps } from '../base/slices.js';
import type { Codec } from '../guests/guest.js';
import type { CallSpec } from '../pool/call.js';
import { monotonicUs, US_PER_MS } from '../wire/clock.js';
import {
  type CallCost,
  type CallReply,
  type Failure,
  type GuestLogs,
  HOST_STATUS,
  type HostAnswer,
  type RunLimits,
  TAKE_OUTPUT,
} from '../wire/protocol.js';
import type { CallOptions, CheckedCallOptions } from './call-options.js';
import { checkLength, type Definition, indexOf, inputRoom } from './definition.js';
import { callHost, type HostFunction, takeOutput } from './host-functions.js';
import { type Logger, logGuest, logHostFailure } from './logger.js';
import { failureToError, isPoisoning } from './run-failure.js';
import type { Recorder } from './stats.js';

/** What a call asks of its engine. */
export interface CallServices {
  readonly hostFunctions: ReadonlyMap<string, HostFunction>;
  /** Of the engine. */
  readonly logger: Logger | undefined;
  /** A call left its sandbox poisoned, as `inRow` calls in a row did. */
  poisoned(name: string, inRow: number, error: SnapvmError): void;
}

/** How much of a failure the guest wrote. */
function bytesToRead(failure: Failure): number {
  if (failure.kind !== 'exit') return 0;
  const { exit, printed } = failure;
  const output = exit.kind === 'result' ? exit.output.length : 0;
  return output + (printed === undefined ? 0 : printed.stdout.length + printed.stderr.length);
}

/**
 * What the pool needs of a call, and what makes an answer of its reply. One object: a busy engine makes
 * 40,000 a second.
 */
export class MadeCall implements CallSpec {
  readonly target: CallSpec['target'];
  readonly input: Uint8Array;
  readonly functionIndex: number;
  readonly limits: Required<RunLimits>;
  readonly signal: StopSignal | undefined;
  readonly definition: Definition;
  readonly submittedUs = monotonicUs();
  id = 0;
  readonly #engine: CallServices;
  readonly #recorder: Recorder;
  readonly #options: CheckedCallOptions;
  readonly #takeOutput: ReturnType<NonNullable<Codec['takeOutput']>>;
  /** As if aborted by what its `onStdout` threw. */
  #refused: AbortSignal | undefined;

  /**
   * `given` has the options of its kind of guest.
   * @throws SnapvmError `SNAPVM_CALL_*`, `SNAPVM_CONFIG_*` for what is wrong with the call itself
   */
  constructor(
    engine: CallServices,
    definition: Definition,
    recorder: Recorder,
    input: unknown,
    options: CheckedCallOptions,
    given: Readonly<Record<string, unknown>>,
  ) {
    const { codec } = definition;
    this.target = definition.target;
    this.input = codec.encode(input, given);
    checkLength(this.input, definition);
    this.functionIndex = indexOf(options.fn, definition);
    this.limits = options.limits;
    this.signal = options.signal;
    this.definition = definition;
    this.#engine = engine;
    this.#recorder = recorder;
    this.#options = options;
    this.#takeOutput = codec.takeOutput?.(given);
  }

  /** The name of the guest's function that is called. */
  get called(): string {
    return this.definition.functions[this.functionIndex] as string;
  }

  /**
   * Gives what the guest answered: a promise where it takes long to log or to read.
   * @throws SnapvmError how the call failed
   */
  answer(reply: CallReply): unknown {
    this.#recorder.ran(reply.cost, this.submittedUs);
    if (this.#options.onCost !== undefined) this.#tellCost(this.#options.onCost, reply.cost);
    const logged = this.#log(reply.logs);
    return logged === undefined ? this.#read(reply) : logged.then(() => this.#read(reply));
  }

  #tellCost(onCost: NonNullable<CallOptions['onCost']>, cost: CallCost): void {
    if (cost.startedUs === 0) return;
    try {
      const { startedUs, runUs, restoreUs, stickyPages, restores, rebuilds } = cost;
      const queueUs = startedUs - this.submittedUs;
      onCost({ startedUs, runUs, restoreUs, stickyPages, restores, rebuilds, queueUs });
    } catch (error) {
      // It concerns no call.
      soon(() => {
        throw error;
      });
    }
  }

  #read(reply: CallReply): unknown {
    if (reply.ok) return this.definition.codec.decode(reply.output);
    if (mayReadNow(bytesToRead(reply.failure))) throw this.#failure(reply);
    return inSlices(this.#failLater(reply));
  }

  *#failLater(reply: Extract<CallReply, { ok: false }>): Steps<never> {
    yield;
    throw this.#failure(reply);
  }

  /**
   * Adds to an error which call it was: what the pool throws does not say, since several calls may get it.
   */
  named(error: unknown): unknown {
    if (!(error instanceof SnapvmError) || error.details['call'] !== undefined) return error;
    const details = { ...this.#fields, ...error.details };
    return errorOfCode(error.code, error.message, details, 'cause' in error ? { cause: error.cause } : {});
  }

  hostCall(name: string, payload: Uint8Array<ArrayBuffer>, signal: AbortSignal): Promise<HostAnswer> {
    if (name === TAKE_OUTPUT) return this.#output(payload, signal);
    const { definition } = this;
    const { policy, codec } = definition;
    this.#recorder.calledHost();
    const run = policy.hostFunctions.has(name) ? this.#engine.hostFunctions.get(name) : undefined;
    const fields = this.#fields;
    return callHost(
      { run, codec, mostBytes: inputRoom(definition) },
      payload,
      { ...fields, caller: this.#options.caller, signal },
      (error) => logHostFailure(this.#logger, error, { ...fields, hostFunction: name }),
    );
  }

  /** Hands out what a program wrote. Never rejects. */
  async #output(bytes: Uint8Array, signal: AbortSignal): Promise<HostAnswer> {
    const status = await takeOutput(this.#takeOutput, bytes, signal).then(
      () => HOST_STATUS.ok,
      (error: unknown) => {
        this.#refused ??= AbortSignal.abort(error);
        return HOST_STATUS.failed;
      },
    );
    return { status, bytes: new Uint8Array(0) };
  }

  lateLogs(logs: GuestLogs): void {
    void this.#log(logs);
  }

  get #fields() {
    return { function: this.definition.name, fn: this.called, call: this.id };
  }

  get #logger(): Logger | undefined {
    return this.#options.logger ?? this.#engine.logger;
  }

  #log(logs: GuestLogs): Promise<void> | undefined {
    if (logs.lines.length === 0 && logs.dropped === 0) return undefined;
    return logGuest(this.#logger, logs, this.definition.codec, this.#fields);
  }

  #failure({ failure, cost }: Extract<CallReply, { ok: false }>): SnapvmError {
    const { definition } = this;
    const signal = this.#refused ?? this.signal;
    const error = failureToError(failure, {
      name: definition.name,
      fn: this.called,
      call: this.id,
      signal,
      late: this.#isLate(cost),
      symbolize: (rip) => definition.snapshot.symbolize(rip),
      failed: definition.codec.failed,
      faulted: definition.codec.faulted,
    });
    if (isPoisoning(error.code)) this.#engine.poisoned(definition.name, ++definition.poisonedInRow, error);
    return error;
  }

  /** Whether its deadline, and not its time limit or its signal, is what stopped it. */
  #isLate({ startedUs, restoreUs }: CallCost): boolean {
    const { deadlineUs, timeoutMs } = this.limits;
    if (deadlineUs === 0 || this.signal?.aborted || monotonicUs() < deadlineUs) return false;
    return startedUs === 0 || deadlineUs <= startedUs + restoreUs + timeoutMs * US_PER_MS;
  }
}
