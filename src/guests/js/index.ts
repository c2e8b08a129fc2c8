/** JavaScript functions: how a module becomes the input of the runtime, and values become bytes. */

import { GuestError, SnapvmError } from '../../base/errors.js';
import { isBytes } from '../../base/realms.js';
import { bundleJs } from './bundle.js';
import { checkJsSource } from './source.js';
import { StackMap } from './stack.js';
import { decodeValue, encodeValue, type JsValue } from './values.js';

export { type JsFailureContext, jsFailure, jsFault, OUTCOME } from './failures.js';
export { JS_LEAST, JS_MEMORY, loadJsRuntime } from './runtime.js';
export { type CheckedJsSource, checkJsSource, type JsSource } from './source.js';
export { StackMap } from './stack.js';
export { decodeValue, encodeValue, type JsValue } from './values.js';

/** A module, ready for the runtime's function `define`. */
export interface PreparedJs {
  /** The input of the call that evaluates it. */
  readonly input: Uint8Array;
  /** Reads the stacks of its errors. */
  readonly stacks: StackMap;
  /** What esbuild finds odd about it, for the log. */
  readonly warnings: readonly string[];
}

/**
 * Bundles a module and what it imports.
 * @param room Bytes of the largest input the runtime takes.
 * @throws SnapvmError `SNAPVM_CONFIG_*`, `SNAPVM_JS_SYNTAX`, `SNAPVM_JS_BUNDLE`
 */
export async function prepareJs(source: unknown, room: number): Promise<PreparedJs> {
  const bundle = await bundleJs(checkJsSource(source));
  const { name, code, warnings } = bundle;
  const input = new TextEncoder().encode(`${name}\0${code}\0`);
  if (input.length > room) {
    throw new SnapvmError(
      'SNAPVM_JS_BUNDLE',
      `the module and what it imports have ${input.length} bytes; the input buffer holds ${room} (raise inputBytes in the policy)`,
      { bytes: input.length, room },
    );
  }
  return { input, stacks: new StackMap(bundle), warnings };
}

/** A host call of a JavaScript guest. */
export interface JsHostCall {
  /** What a host function gets as its input: the first value's bytes, its UTF-8, or its JSON. */
  readonly input: Uint8Array;
  /** The values themselves. */
  readonly args: readonly JsValue[];
}

const EMPTY = new Uint8Array(0);

/** @throws SnapvmError `SNAPVM_GUEST_PROTOCOL` */
export function decodeHostCall(payload: Uint8Array): JsHostCall {
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

/** What a host function answers, for a JavaScript guest. @throws SnapvmError `SNAPVM_CONFIG_VALUE` */
export function encodeHostAnswer(answer: unknown): Uint8Array {
  return encodeValue(answer, 'the answer of the host function');
}
