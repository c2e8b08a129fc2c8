/** How values become the bytes of a call of a JavaScript function, and its answers become values. */

import { GuestError } from '../../base/errors.js';
import type { JsValue } from '../../base/js-value.js';
import { isBytes } from '../../base/realms.js';
import { atOnce, inSlices, mayReadNow, type Steps } from '../../base/slices.js';
import type { Codec, HostArguments } from '../guest.js';
import { jsFailure, jsFault } from './failures.js';
import { firstOfList } from './json-steps.js';
import { writeJson } from './json-writer.js';
import type { StackMap } from './stack.js';
import { decodeSteps, decodeValue, encodeValue, isJson, type StackOf, type ValueRules } from './values.js';

const EMPTY = new Uint8Array(0);
const ENCODER = new TextEncoder();

/** The codec of a function whose stacks are read with `stacks`. */
export function jsCodec(stacks: StackMap, stackBytes: number, rules: ValueRules): Codec {
  const stackOf: StackOf = (error, stack) => stacks.stackOf(error, stack);
  return {
    callOptions: [],
    encode: (input) => encodeValue(input, 'input', rules),
    decode: (output) =>
      mayReadNow(output.length) ? decodeValue(output, stackOf) : inSlices(decodeSteps(output, stackOf)),
    failed: (code, output, where, details) => jsFailure(code, output, { where, details, stacks }),
    faulted: (fault, where, details) => jsFault(fault, stackBytes, where, details),
    logLines: (lines) => stacks.logLines(lines),
    decodeHostCall: (payload) => decodeHostCall(payload, stackOf),
    encodeHostAnswer: (answer) => encodeValue(answer, 'the answer of the host function', rules),
  };
}

/**
 * Reads the arguments of a host call. As its input a host function gets the first one: bytes as they are,
 * text as UTF-8, anything else as JSON, or nothing where JSON has no text for a part of it.
 * @throws SnapvmError `SNAPVM_GUEST_PROTOCOL`
 */
export function decodeHostCall(
  payload: Uint8Array,
  stackOf: StackOf,
): HostArguments | Promise<HostArguments> {
  if (mayReadNow(payload.length)) return atOnce(hostArguments(decodeValue(payload, stackOf), payload));
  return inSlices(hostCallSteps(payload, stackOf));
}

function* hostCallSteps(payload: Uint8Array, stackOf: StackOf): Steps<HostArguments> {
  return yield* hostArguments(yield* decodeSteps(payload, stackOf), payload);
}

function* hostArguments(args: JsValue, payload: Uint8Array): Steps<HostArguments> {
  if (!Array.isArray(args)) {
    throw new GuestError(
      'SNAPVM_GUEST_PROTOCOL',
      'the guest called a host function without a list of values',
    );
  }
  return { input: yield* inputOf((args as readonly JsValue[])[0], payload), args };
}

/** Where the guest has written JSON, it is not written anew: that would take longer than anything else of a call. */
function* inputOf(first: JsValue, payload: Uint8Array): Steps<Uint8Array> {
  if (first === undefined) return EMPTY;
  if (isBytes(first)) return first;
  if (typeof first === 'string') return ENCODER.encode(first);
  if (isJson(payload)) return yield* firstOfList(payload.subarray(1));
  const json = yield* writeJson(first);
  return json === undefined ? EMPTY : ENCODER.encode(json);
}
