/** How values become the bytes of a call of a JavaScript function, and its answers become values. */

import { GuestError } from '../../base/errors.js';
import { isBytes } from '../../base/realms.js';
import { atOnce, inSlices, mayReadNow, type Steps } from '../../base/slices.js';
import type { Codec, HostArguments } from '../guest.js';
import type { JsValue } from '../value.js';
import { jsFailure, jsFault } from './failures.js';
import type { StackMap } from './stack.js';
import { decodeSteps, decodeValue, encodeValue, firstJson } from './values.js';

const EMPTY = new Uint8Array(0);

/** The codec of a function whose stacks are read with `stacks`. */
export function jsCodec(stacks: StackMap, stackBytes: number): Codec {
  return {
    callOptions: [],
    encode: (input) => encodeValue(input, 'input'),
    decode: (output) => (mayReadNow(output.length) ? decodeValue(output) : inSlices(decodeSteps(output))),
    failed: (code, output, where, details) => jsFailure(code, output, { where, details, stacks }),
    faulted: (fault, where, details) => jsFault(fault, stackBytes, where, details),
    logLines: (lines) => stacks.logLines(lines),
    decodeHostCall,
    encodeHostAnswer: (answer) => encodeValue(answer, 'the answer of the host function'),
  };
}

/**
 * Reads the arguments of a host call. As its input a host function gets the first one: bytes as they are,
 * text as UTF-8, anything else as JSON, or nothing where there are bytes in it.
 * @throws SnapvmError `SNAPVM_GUEST_PROTOCOL`
 */
export function decodeHostCall(payload: Uint8Array): HostArguments | Promise<HostArguments> {
  if (mayReadNow(payload.length)) return atOnce(hostArguments(decodeValue(payload), payload));
  return inSlices(hostCallSteps(payload));
}

function* hostCallSteps(payload: Uint8Array): Steps<HostArguments> {
  return yield* hostArguments(yield* decodeSteps(payload), payload);
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

/** The guest has written the JSON already: to write it anew would take longer than anything else of a call. */
function* inputOf(first: JsValue, payload: Uint8Array): Steps<Uint8Array> {
  if (first === undefined) return EMPTY;
  if (isBytes(first)) return first;
  return typeof first === 'string' ? new TextEncoder().encode(first) : ((yield* firstJson(payload)) ?? EMPTY);
}
