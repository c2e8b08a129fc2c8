/** One call of a function: admitted, selected, run, and told to those who count. */

import type { StopSignal } from '../../base/abort.js';
import { SnapvmError } from '../../base/errors.js';
import { now } from '../../base/globals.js';
import type { CallCosts, ServedCallOptions } from '../../engine/call-options.js';
import type { Logger } from '../../engine/logger.js';
import type { Quotas } from '../access/quotas.js';
import type { Principal } from '../access/roles.js';
import type { Functions } from '../functions/functions.js';
import type { Selected, Version } from '../functions/model.js';
import type { Naming } from '../functions/versions.js';
import type { LoggedCall } from '../observe/guest-logs.js';
import type { Metrics } from '../observe/metrics.js';
import type { CallTrace, TracedCall } from '../observe/tracing.js';

/** What a call goes through. */
export interface CallParts {
  readonly functions: Functions;
  readonly quotas: Quotas;
  readonly metrics: Metrics;
  /** Where the lines of a call go; `undefined`: where the engine's go. */
  callLogger(call: LoggedCall): Logger | undefined;
}

/** What is called, for whom, and how. */
export interface Invocation {
  readonly principal: Principal;
  readonly requestId: string;
  readonly name: string;
  readonly by: Naming;
  /** The hash that the version must have: a function that was made anew has others of the same numbers. */
  readonly hash?: string | undefined;
  /** The input, as that version takes it. @throws SnapvmError what is wrong with it */
  readonly input: (version: Version) => unknown;
  readonly fn?: string | undefined;
  readonly timeoutMs?: number | undefined;
  /** The moment at which it must have ended, by `now`. */
  readonly deadline?: number | undefined;
  readonly args?: readonly string[] | undefined;
  readonly signal: StopSignal;
  /** Begins the span of the call. */
  readonly trace: { call(call: TracedCall): CallTrace };
  /** Is told which version runs, before it does. */
  readonly selected?: ((version: Version) => void) | undefined;
  /** Gets the output of a program while it runs; functions of other kinds are refused. */
  readonly onStdout?: ((bytes: Uint8Array) => Promise<void>) | undefined;
  /** Is told what ran and what it cost, whether the call fails or not. */
  readonly costs?: ((version: Version, cost: CallCosts | undefined) => void) | undefined;
}

/** How a call ended well. */
export interface Outcome {
  readonly version: Version;
  /** A value, bytes, or what a program left, by the version's kind. */
  readonly value: unknown;
}

const DEFAULT_TIMEOUT_MS = 1000;

/**
 * Runs a call.
 * @throws SnapvmError how it failed, or why it was not made
 */
export async function invoke(parts: CallParts, call: Invocation): Promise<Outcome> {
  const { tenant } = call.principal;
  const admission = admit(parts, tenant, call.name);
  let running: Running | undefined;
  try {
    const selected = parts.functions.selectSoon(tenant, call.name, call.by);
    running = new Running(parts, call, selected instanceof Promise ? await selected : selected);
    return await running.run();
  } finally {
    running?.release();
    admission.end({ runUs: running?.cost?.runUs ?? 0 });
  }
}

/** @throws SnapvmError `SNAPVM_SERVER_UNKNOWN` */
function checkHash({ name, hash }: Invocation, { version, revision }: Version): void {
  if (hash === undefined || hash === version) return;
  const message = `the version ${hash.slice(0, 12)} of the function ${JSON.stringify(name)} is gone: revision ${revision} is another one now`;
  throw new SnapvmError('SNAPVM_SERVER_UNKNOWN', message, { function: name });
}

/** Lets a call in. @throws SnapvmError `SNAPVM_SERVER_QUOTA` */
export function admit(
  { quotas, metrics }: Pick<CallParts, 'quotas' | 'metrics'>,
  tenant: string,
  name: string,
): ReturnType<Quotas['admitCall']> {
  try {
    return quotas.admitCall(tenant, name);
  } catch (error) {
    if (error instanceof SnapvmError) metrics.quotaRefused(tenant, String(error.details['quota']));
    throw error;
  }
}

/** A call whose version is known. */
class Running {
  cost: CallCosts | undefined;
  readonly #parts: CallParts;
  readonly #call: Invocation;
  readonly #selected: Selected;
  readonly #beganMs = now();

  constructor(parts: CallParts, call: Invocation, selected: Selected) {
    this.#parts = parts;
    this.#call = call;
    this.#selected = selected;
  }

  release(): void {
    this.#selected.release();
  }

  /** @throws SnapvmError how the call failed */
  async run(): Promise<Outcome> {
    const { principal, name, fn, trace, signal } = this.#call;
    const { version, handle } = this.#selected;
    checkHash(this.#call, version);
    this.#call.selected?.(version);
    const span = trace.call({ tenant: principal.tenant, function: name, version: version.version, fn });
    try {
      const options = this.#options(span);
      const value = await handle.serve(this.#call.input(version) as never, options);
      this.#ended(span);
      return { version, value };
    } catch (error) {
      this.#ended(span, error instanceof SnapvmError ? error.code : 'SNAPVM_INTERNAL');
      throw abortReason(error, signal);
    }
  }

  #ended(span: CallTrace, code?: string): void {
    const { principal, name, costs } = this.#call;
    const { cost } = this;
    const { queueUs, runUs, stickyPages: dirtyPages } = cost ?? {};
    span.end({ code, queueUs, runUs, dirtyPages });
    const durationUs = Math.round((now() - this.#beganMs) * 1000);
    this.#parts.metrics.callEnded({
      tenant: principal.tenant,
      function: name,
      code,
      durationUs,
      queueUs,
      dirtyPages,
    });
    costs?.(this.#selected.version, cost);
  }

  /** @throws SnapvmError what is wrong with the call; `SNAPVM_CALL_DEADLINE` */
  #options(trace: CallTrace): ServedCallOptions {
    const { principal, requestId, name, fn, timeoutMs, deadline, args, signal, onStdout } = this.#call;
    const { tenant } = principal;
    const { version } = this.#selected;
    const isProgram = version.kind === 'linux';
    if (fn !== undefined && isProgram)
      throw new SnapvmError('SNAPVM_CALL_FUNCTION', `${name} is a Linux program, which exports no functions`);
    if (args !== undefined && !isProgram)
      throw new SnapvmError('SNAPVM_SERVER_REQUEST', 'snapvm-args is for Linux programs; leave it out');
    if (onStdout !== undefined && !isProgram)
      throw new SnapvmError(
        'SNAPVM_SERVER_REQUEST',
        `stream is for Linux programs, and ${name} is none; leave it out`,
      );
    return {
      fn,
      timeoutMs: timeoutMs === undefined ? undefined : Math.min(timeoutMs, allowedMs(version)),
      deadlineMs: deadline === undefined ? undefined : remaining(deadline),
      signal,
      logger: this.#parts.callLogger({ tenant, function: name, fn, requestId }),
      onCost: (cost) => {
        this.cost = cost;
      },
      caller: { tenant, token: principal.name, requestId, trace },
      args,
      onStdout,
    };
  }
}

/** What the function's owner allows: who calls it may ask for less, not for more. */
function allowedMs({ policy }: Version): number {
  const allowed = policy['timeoutMs'];
  return typeof allowed === 'number' ? allowed : DEFAULT_TIMEOUT_MS;
}

/** @throws SnapvmError `SNAPVM_CALL_DEADLINE` */
function remaining(deadline: number): number {
  const left = deadline - now();
  if (left > 0) return left;
  throw new SnapvmError('SNAPVM_CALL_DEADLINE', 'the deadline passed before the call began');
}

/** A call that the server aborted fails with the server's reason. */
function abortReason(error: unknown, { aborted, reason }: StopSignal): unknown {
  if (!aborted || !(error instanceof SnapvmError) || error.code !== 'SNAPVM_CALL_ABORTED') return error;
  return reason instanceof SnapvmError ? reason : error;
}
