/** How values become the bytes of a call of a JavaScript function, and its answers become values. */

import { GuestError } from '../../base/errors.js';
import { isBytes } from '../../base/realms.js';
import type { Codec, HostArguments } from '../guest.js';
import type { JsValue } from '../value.js';
import { jsFailure, jsFault } from './failures.js';
import type { StackMap } from './stack.js';
import { decodeValue, encodeValue } from './values.js';

const EMPTY = new Uint8Array(0);

/** The codec of a function whose stacks are read with `stacks`. */
export function jsCodec(stacks: StackMap, stackBytes: number): Codec {
  return {
    callOptions: [],
    encode: (input) => encodeValue(input, 'input'),
    decode: decodeValue,
    failed: (code, output, where, details) => jsFailure(code, output, { where, details, stacks }),
    faulted: (fault, where, details) => jsFault(fault, stackBytes, where, details),
    logLines: (lines) => stacks.logLines(lines),
    decodeHostCall,
    encodeHostAnswer: (answer) => encodeValue(answer, 'the answer of the host function'),
  };
}

/**
 * Reads the arguments of a host call. As its input a host function gets the first one: bytes as they are,
 * text as UTF-8, anything else as JSON.
 * @throws SnapvmError `SNAPVM_GUEST_PROTOCOL`
 */
export function decodeHostCall(payload: Uint8Array): HostArguments {
  const args = decodeValue(payload);
  if (!Array.isArray(args)) {
    throw new GuestError(
      'SNAPVM_GUEST_PROTOCOL',
      'the guest called a host function without a list of values',
    );
  }
  const [first] = args as readonly JsValue[];
  return { input: inputOf(first), args };
}

function inputOf(value: JsValue): Uint8Array {
  if (value === undefined) return EMPTY;
  if (isBytes(value)) return value;
  return new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value));
}
