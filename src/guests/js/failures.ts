/** How a JavaScript function failed, from the code and the words of its guest. */

import { USER } from '../../base/abi.js';
import {
  type ErrorDetails,
  GuestError,
  GuestThrownError,
  SnapvmError,
  type Thrown,
} from '../../base/errors.js';
import type { JsValue } from '../../base/js-value.js';
import type { GuestFault } from '../../wire/protocol.js';
import type { StackMap } from './stack.js';
import { decodeValue } from './values.js';

/** The codes of guest/js/runtime.h. */
const OUTCOME = {
  thrown: 1,
  memory: 2,
  recursion: 3,
  unsettled: 4,
  syntax: 5,
  exports: 6,
  tooLarge: 7,
  input: 8,
} as const;

/** Which function failed, and how its stacks are read. */
export interface JsFailureContext {
  /** What the message begins with: the function's name, and what was called. */
  readonly where: string;
  readonly details: ErrorDetails;
  readonly stacks: StackMap;
}

const EMPTY: Thrown = { name: 'Error', message: '', stack: '' };
/** The runtime cuts what it tells to less; a program that replaced its functions may have it tell more. */
const MOST_TEXT = 8192;
/**
 * More than the runtime tells (guest/js/prelude/failure.js), whatever its texts are written as. Whoever replaced its
 * functions could have more of it read.
 */
const MOST_BYTES = 98_304;
const MORE = ['value', 'code', 'cause', 'errors', 'properties'] as const;

/** The error for a guest that ended with a code other than 0. What it wrote may be anything. */
export function jsFailure(code: number, output: Uint8Array, context: JsFailureContext): SnapvmError {
  const { where, details, stacks } = context;
  switch (code) {
    case OUTCOME.thrown: {
      const thrown = readThrown(output, stacks);
      return new GuestThrownError(`${where}: ${headOf(thrown)}`, thrown, details);
    }
    case OUTCOME.memory:
      return new GuestError(
        'SNAPVM_JS_MEMORY',
        `${where}: the function ran out of memory (raise heapBytes in its policy)`,
        details,
      );
    case OUTCOME.recursion: {
      const { stack } = readThrown(output, stacks);
      const frame = stack.split('\n')[1]?.trim();
      return recursion(frame === undefined ? '' : `, ${frame}`, where, details);
    }
    case OUTCOME.unsettled:
      return new GuestError(
        'SNAPVM_JS_UNSETTLED',
        `${where}: the function waits for a promise that nothing can settle any more: no timer, no host call and no job is left`,
        details,
      );
    case OUTCOME.syntax:
      return syntaxError(output, context);
    case OUTCOME.exports:
      return new SnapvmError(
        'SNAPVM_JS_EXPORTS',
        `${where}: the module cannot be called: ${textIn(textOf(output))}`,
        details,
      );
    case OUTCOME.tooLarge: {
      const bytes = Number(textOf(output));
      return new GuestError(
        'SNAPVM_GUEST_LIMIT',
        `${where}: the answer has ${Number.isSafeInteger(bytes) ? bytes : 'too many'} bytes, and the output buffer holds fewer (raise outputBytes in its policy)`,
        { ...details, bytes: Number.isSafeInteger(bytes) ? bytes : undefined },
      );
    }
    default:
      return new GuestError('SNAPVM_GUEST_PROTOCOL', `${where}: the runtime ended with code ${code}`, {
        ...details,
        guestCode: code,
      });
  }
}

const PAGE_FAULT = 14;
/** Unmapped memory below the stack, as far as one frame of the engine's may reach. */
const BELOW_STACK = 0x1_0000n;

/**
 * The engine looks at its stack in most places where it recurses. In the others it runs into what is below.
 */
export function jsFault(
  { vector, cr2 }: GuestFault,
  stackBytes: number,
  where: string,
  details: ErrorDetails,
): SnapvmError | undefined {
  const lowest = USER.stackEnd - BigInt(stackBytes);
  if (vector !== PAGE_FAULT || cr2 >= lowest || cr2 < lowest - BELOW_STACK) return undefined;
  return recursion('', where, details);
}

function recursion(frame: string, where: string, details: ErrorDetails): SnapvmError {
  return new GuestError(
    'SNAPVM_JS_RECURSION',
    `${where}: the function called itself too deeply${frame} (raise stackBytes in its policy)`,
    details,
  );
}

/** The engine's words about `import.defer()` and `import.source()` that are left in a bundle. */
const NO_PHASE = 'meta expected';
const PHASE_ADVICE =
  ' (of "import." there are import.meta, and import.defer() and import.source() of one module that is named by a string)';

function syntaxError(output: Uint8Array, { where, details, stacks }: JsFailureContext): SnapvmError {
  const { message, stack } = decodeThrown(output, stacks);
  const place = stacks.syntaxError(textIn(stack));
  const at = place === undefined ? '' : `${place.file}:${place.line}: `;
  const said = textIn(message);
  const advice = said === NO_PHASE ? PHASE_ADVICE : '';
  return new SnapvmError('SNAPVM_JS_SYNTAX', `${where}: ${at}${said}${advice}`, {
    ...details,
    file: place?.file,
    line: place?.line,
  });
}

function readThrown(output: Uint8Array, stacks: StackMap): Thrown {
  const { name, message, stack, more } = decodeThrown(output, stacks);
  const said = { name: textIn(name) || EMPTY.name, message: textIn(message) };
  return { ...said, stack: stacks.stackOf(said, textIn(stack)), ...moreIn(more) };
}

function headOf({ name, message }: Thrown): string {
  return message === '' ? name : `${name}: ${message}`;
}

/** What the guest says, which may be anything. */
function decodeThrown(output: Uint8Array, stacks: StackMap): Readonly<Record<string, unknown>> {
  if (output.length > MOST_BYTES) return {};
  try {
    const value = decodeValue(output, (error, stack) => stacks.stackOf(error, stack));
    return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
  } catch {
    return {};
  }
}

function moreIn(more: unknown): Partial<Thrown> {
  if (typeof more !== 'object' || more === null) return {};
  const given = more as Readonly<Record<string, JsValue>>;
  const names = MORE.filter(
    (name) => Object.hasOwn(given, name) && (name !== 'properties' || isFields(given[name])),
  );
  return Object.fromEntries(names.map((name) => [name, given[name]]));
}

function isFields(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

function textIn(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, MOST_TEXT) : '';
}

function textOf(output: Uint8Array): string {
  return new TextDecoder().decode(output.subarray(0, MOST_BYTES));
}
