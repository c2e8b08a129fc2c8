/** Functions of the host that guests may call. */
import { types } from 'node:util';
import { onAbort } from '../base/abort.js';
import { checkObject, invalidOption } from '../base/checks.js';
import type { JsValue } from '../base/js-value.js';
import { suggest } from '../base/suggest.js';
import type { Codec } from '../guests/guest.js';
import { HOST_STATUS, type HostAnswer } from '../wire/protocol.js';

/** What a host function is told of the call that it serves. */
export interface HostCallContext {
  /** The name the calling function was defined by. */
  readonly function: string;
  /** Which of its exported functions was called. */
  readonly fn: string | undefined;
  /** The call's id, as in the logs. */
  readonly call: number;
  /** The values that a JavaScript function passed; a native guest passes one, its bytes. */
  readonly args: readonly JsValue[];
  /** On whose behalf the call is made, if its options say so (`caller`). */
  readonly caller: unknown;
  /** Aborts when the call has ended: it was stopped, ran out of time, or its worker died. */
  readonly signal: AbortSignal;
}

/**
 * What a host function answers: bytes, text (sent as UTF-8), or nothing. A JavaScript function may be
 * answered any value it could itself be called with.
 */
export type HostResult = JsValue;

/**
 * A function of the host. Its input is the guest's own and may be anything. What it throws is logged, and the
 * guest learns only that it failed. It must not wait for ever: the call's limits go on, and stop the call.
 */
export type HostFunction = (
  input: Uint8Array,
  context: HostCallContext,
) => HostResult | PromiseLike<HostResult>;

/** Host functions by the names guests call them by. */
export type HostFunctions = Readonly<Record<string, HostFunction>>;

/** Checks the host functions of an engine. @throws SnapvmError `SNAPVM_CONFIG_VALUE` */
export function checkHostFunctions(given: unknown): ReadonlyMap<string, HostFunction> {
  const functions = new Map<string, HostFunction>();
  if (given === undefined) return functions;
  for (const [name, value] of Object.entries(checkObject('hostFunctions', given))) {
    if (typeof value !== 'function') throw invalidOption(`hostFunctions.${name}`, value, 'a function');
    functions.set(name, value as HostFunction);
  }
  return functions;
}

/**
 * Checks the names of host functions that a guest may call, each of which must exist.
 * @throws SnapvmError `SNAPVM_CONFIG_VALUE`
 */
export function checkHostNames(
  given: unknown,
  known: ReadonlyMap<string, HostFunction>,
): ReadonlySet<string> {
  if (given === undefined) return new Set();
  if (!Array.isArray(given)) throw invalidOption('hostFunctions', given, 'an array of names');
  for (const name of given) {
    if (typeof name === 'string' && known.has(name)) continue;
    const names = [...known.keys()];
    const hint =
      names.length === 0 ? 'the engine was started without host functions' : suggest(String(name), names);
    throw invalidOption('hostFunctions', name, `the name of a host function of the engine; ${hint}`);
  }
  return new Set(given as string[]);
}

/** A host function as a definition's guest calls it. */
export interface HostCallee {
  /** Absent when the guest may not call it. */
  readonly run: HostFunction | undefined;
  readonly codec: Codec;
  /** Bytes of the largest answer the guest can take. */
  readonly mostBytes: number;
}

/**
 * Calls a host function, and gives what the guest is told. Never rejects. When the signal aborts nobody waits
 * for the answer any more, so it is given up at once.
 */
export async function callHost(
  { run, codec, mostBytes }: HostCallee,
  payload: Uint8Array,
  context: Omit<HostCallContext, 'args'>,
  failed: (error: unknown) => void,
): Promise<HostAnswer> {
  if (run === undefined) return refusal(HOST_STATUS.notAllowed);
  if (context.signal.aborted) return refusal(HOST_STATUS.failed);
  let forget = (): void => {};
  try {
    const decoded = codec.decodeHostCall(payload);
    const { input, args } = types.isPromise(decoded) ? await decoded : decoded;
    if (context.signal.aborted) return refusal(HOST_STATUS.failed);
    const ended = new Promise<undefined>((resolve) => {
      forget = onAbort(context.signal, () => resolve(undefined));
    });
    const result: unknown = await Promise.race([run(input, { ...context, args }), ended]);
    const answer = codec.encodeHostAnswer(result);
    if (answer.length > mostBytes) return refusal(HOST_STATUS.tooLarge);
    // A copy of its own buffer, since that is transferred. It has the length that is true.
    const bytes = new Uint8Array(answer);
    return bytes.length > mostBytes ? refusal(HOST_STATUS.tooLarge) : { status: HOST_STATUS.ok, bytes };
  } catch (error) {
    failed(error);
    return refusal(HOST_STATUS.failed);
  } finally {
    forget();
  }
}

/** Waits until output was taken, or until nobody waits for that any more. @throws what `take` throws */
export async function takeOutput(
  take: ((bytes: Uint8Array) => unknown) | undefined,
  bytes: Uint8Array,
  signal: AbortSignal,
): Promise<void> {
  let forget = (): void => {};
  const ended = new Promise<undefined>((resolve) => {
    forget = onAbort(signal, () => resolve(undefined));
  });
  try {
    await Promise.race([take?.(bytes), ended]);
  } finally {
    forget();
  }
}

/** An answer without bytes. Its buffer is new each time, since it is transferred. */
function refusal(status: HostAnswer['status']): HostAnswer {
  return { status, bytes: new Uint8Array(0) };
}
