import { escapeControls } from './escape.js';
import type { JsValue } from './js-value.js';

/**
 * Every error snapvm raises on purpose. `code` is stable and meant for programs; the message is meant for
 * people: it names the thing and the value, and says what to do. docs/errors.md lists the same table.
 */
export const ERROR_CODES = {
  // Reading a guest binary
  SNAPVM_ELF_FILE: 'the guest binary cannot be read: missing, unreadable or not a regular file',
  SNAPVM_ELF_MAGIC: 'the file is not an ELF',
  SNAPVM_ELF_CLASS: 'the ELF is not 64-bit',
  SNAPVM_ELF_ENDIAN: 'the ELF is not little-endian',
  SNAPVM_ELF_MACHINE: 'the ELF is for another machine than x86-64',
  SNAPVM_ELF_TYPE: 'the ELF is neither ET_EXEC nor static ET_DYN',
  SNAPVM_ELF_TRUNCATED: 'a header or table of the ELF reaches past the end of the file',
  SNAPVM_ELF_SEGMENT: 'a PT_LOAD segment has impossible sizes, offsets or addresses',
  SNAPVM_ELF_OVERLAP: 'two PT_LOAD segments overlap or are out of order',
  SNAPVM_ELF_SHARED_PAGE: 'two segments with different rights share a page',
  SNAPVM_ELF_RIGHTS: 'a segment asks for rights a guest cannot have (writable and executable)',
  SNAPVM_ELF_NO_LOAD: 'the ELF has nothing to load',
  SNAPVM_ELF_DYNAMIC: 'the ELF needs an interpreter or shared libraries',
  SNAPVM_ELF_RELOCATION: 'a relocation is of an unsupported kind or lies outside the image',
  SNAPVM_ELF_ENTRY: 'the entry point is not inside an executable segment',
  SNAPVM_ELF_ADDRESS: 'the ELF asks for addresses a guest of this kind cannot have',
  // Laying out and building a snapshot
  SNAPVM_CONFIG_VALUE: 'an option has the wrong kind of value or is out of range',
  SNAPVM_CONFIG_UNKNOWN: 'an option of that name does not exist',
  SNAPVM_SNAPSHOT_TOO_LARGE: 'the image or scratch does not fit the guest address space',
  SNAPVM_SNAPSHOT_INIT_DATA: 'the initial data does not fit, or asks for rights it cannot have',
  SNAPVM_SNAPSHOT_CLOSED: 'the snapshot was closed and its image released',
  // The machine snapvm runs on
  SNAPVM_HOST_PLATFORM: 'this machine is not Linux on x86-64',
  SNAPVM_HOST_BUNDLED: 'snapvm was bundled into another program, where it does not find its files',
  SNAPVM_HOST_ADDON: 'the native addon is missing or does not load',
  SNAPVM_HOST_KVM: 'KVM is missing, not permitted or lacks something snapvm needs',
  SNAPVM_HOST_PROCESS: 'guests cannot be run in processes here: something is missing or not permitted',
  SNAPVM_HOST_BACKEND: 'the backend in use cannot run this kind of guest',
  SNAPVM_HOST_MEMORY: 'the machine has no memory, file descriptors, mappings, processes or threads left',
  SNAPVM_HOST_DENIED: 'the system does not permit, or has not, what guests need on every backend',
  // Inside a guest
  SNAPVM_GUEST_FAULT: 'the guest raised a processor exception',
  SNAPVM_GUEST_SHUTDOWN: 'the guest shut its virtual machine down (triple fault)',
  SNAPVM_GUEST_ABORT: 'the guest gave up by itself, with a code and a message',
  SNAPVM_GUEST_FAILED: "the guest's handler returned a code other than 0",
  SNAPVM_GUEST_PROTOCOL: 'the guest broke the message protocol',
  SNAPVM_GUEST_UNSUPPORTED: 'the guest did something the engine does not support',
  SNAPVM_GUEST_EXITED: 'the guest ended where it should have become ready or answered',
  SNAPVM_GUEST_LIMIT: 'the guest made more exits, log lines or output than its limits allow',
  // Linux programs
  SNAPVM_LINUX_FILES: 'a file given to a Linux program cannot be read or placed',
  SNAPVM_LINUX_NO_READ: 'the program ended without reading its standard input, where it was to be frozen',
  SNAPVM_LINUX_STUCK: 'the program waits for something that cannot happen',
  // JavaScript functions
  SNAPVM_JS_SYNTAX: 'the module cannot be parsed',
  SNAPVM_JS_BUNDLE: 'the module, or something it imports, cannot be found, read or used',
  SNAPVM_JS_EXPORTS: 'the module exports nothing that can be called',
  SNAPVM_JS_ERROR: 'the JavaScript function threw',
  SNAPVM_JS_MEMORY: 'the JavaScript function ran out of memory',
  SNAPVM_JS_RECURSION: 'the JavaScript function called itself too deeply',
  SNAPVM_JS_UNSETTLED: 'the JavaScript function waits for a promise that nothing can settle',
  // Calling
  SNAPVM_CALL_TIMEOUT: 'the call ran into its wall-clock limit and was stopped',
  SNAPVM_CALL_CPU: 'the call ran into its CPU-time limit and was stopped',
  SNAPVM_CALL_DEADLINE: 'the deadline the caller gave passed, waiting included, before the call had ended',
  SNAPVM_CALL_ABORTED: 'the call was aborted by its AbortSignal',
  SNAPVM_CALL_INPUT_TOO_LARGE: 'the input does not fit the input buffer of the function',
  SNAPVM_CALL_FUNCTION: 'the guest exports no function of that name',
  // The engine
  SNAPVM_ENGINE_CLOSED: 'the engine was closed',
  SNAPVM_ENGINE_NAME: 'the function name is not usable',
  SNAPVM_ENGINE_UNKNOWN: 'no function of that name is defined',
  SNAPVM_ENGINE_QUEUE_FULL: 'as many calls wait as the engine takes',
  SNAPVM_ENGINE_WORKER_LOST: 'the worker thread died while it had this call',
  // The store of ready snapshots
  SNAPVM_STORE_DIRECTORY: 'the directory cannot be used as a store of snapshots',
  SNAPVM_STORE_WRITE: 'a snapshot could not be saved; the function works, and is made anew next time',
  SNAPVM_STORE_FILE: "a stored file is missing, unreadable, no ordinary file, or another user's",
  SNAPVM_STORE_MAGIC: 'a stored file is not of the kind it should be',
  SNAPVM_STORE_VERSION: 'a stored snapshot was written by another version of snapvm',
  SNAPVM_STORE_CPU: 'a stored snapshot was made on a processor with other features',
  SNAPVM_STORE_LENGTH: 'a stored file is shorter or longer than it says',
  SNAPVM_STORE_CHECKSUM: 'a stored file was changed after it was written',
  SNAPVM_STORE_IDENTITY: 'a stored file is not the one that its name says',
  SNAPVM_STORE_CONTENT: 'a stored snapshot has content that no snapshot of its parent can have',
  // The server
  SNAPVM_SERVER_PACKAGES: 'a package that the server needs is not installed',
  SNAPVM_SERVER_DIRECTORY: 'the directory cannot be used by the server',
  SNAPVM_SERVER_NAME: 'the name of a function, an alias or a tenant is not usable',
  SNAPVM_SERVER_REQUEST: 'the request is not what this route takes',
  SNAPVM_SERVER_UNAUTHORIZED: 'the request has no token, or one that nobody has',
  SNAPVM_SERVER_FORBIDDEN:
    'its token has not the role that the request needs, or it is for another host or from another origin',
  SNAPVM_SERVER_UNKNOWN: 'there is no such function, version, alias or call',
  SNAPVM_SERVER_CONFLICT: 'what is asked for contradicts what there is',
  SNAPVM_SERVER_TOO_LARGE: 'the body, or a part of it, is larger than the server takes',
  SNAPVM_SERVER_MEDIA: 'the content type is none that this route takes',
  SNAPVM_SERVER_QUOTA: "the tenant's quota is used up",
  SNAPVM_SERVER_DRAINING: 'the server takes no more requests: it is ending',
  // Invariants
  SNAPVM_SANDBOX_STATE: 'the sandbox is not in a state in which this can be done',
  SNAPVM_SANDBOX_RESTORE: 'restored guest memory differs from the snapshot',
  SNAPVM_INTERNAL: 'a bug in snapvm',
} as const;

/** A stable code; `ERROR_CODES` says what each means. */
export type ErrorCode = Extract<keyof typeof ERROR_CODES, string>;

/**
 * What a program may want to know about an error, beside its code. Every field survives `structuredClone`.
 * `JSON.stringify` writes a bigint, which JSON has not, as hexadecimal text (`"0x401000"`).
 */
export type ErrorDetails = Readonly<Record<string, string | number | bigint | boolean | undefined>>;

/** Every error of snapvm is of this class, or of one that extends it. */
export class SnapvmError extends Error {
  /** The name of its class: `SnapvmError`, `GuestError` or `GuestThrownError`. */
  override readonly name: string = 'SnapvmError';
  /** For programs; docs/errors.md says what to do about each. */
  readonly code: ErrorCode;
  /** The values in the message, by name; docs/errors.md says which codes have which. */
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}, options?: ErrorOptions) {
    // Most messages quote somebody: a guest, a file, a path.
    super(escapeControls(message), options);
    this.code = code;
    this.details = withJson(details);
  }
}

/** Gives details with a bigint a `toJSON`, which is no field: no clone and no comparison sees it. */
function withJson(details: ErrorDetails): ErrorDetails {
  if (!Object.values(details).some((value) => typeof value === 'bigint')) return details;
  const toJSON = () =>
    Object.fromEntries(
      Object.entries(details).map(([name, value]) => [
        name,
        typeof value === 'bigint' ? `0x${value.toString(16)}` : value,
      ]),
    );
  return Object.defineProperty({ ...details }, 'toJSON', { value: toJSON });
}

/**
 * What a JavaScript function threw. It was the guest's, so it may say anything. Beside name, message and stack there is
 * what 16,384 characters and bytes have room for, and of that what a structured clone can have.
 */
export interface Thrown {
  /** `TypeError`, say; `Error` for what is no error. */
  readonly name: string;
  /** Its message, or the value that was thrown. */
  readonly message: string;
  /** Name, message and frames, in the lines of the user's own sources; control characters are escaped. */
  readonly stack: string;
  /** What was thrown, if it is no error. */
  readonly value?: JsValue;
  /** Its `code`. */
  readonly code?: JsValue;
  /** Its `cause`; errors have stacks as the error itself has. */
  readonly cause?: JsValue;
  /** The `errors` of an AggregateError. */
  readonly errors?: JsValue;
  /** Its other enumerable properties. */
  readonly properties?: { readonly [name: string]: JsValue };
}

/** The codes of errors that a guest causes by what it does when it runs. */
export type GuestErrorCode = Extract<
  ErrorCode,
  | `SNAPVM_GUEST_${string}`
  | 'SNAPVM_LINUX_NO_READ'
  | 'SNAPVM_LINUX_STUCK'
  | 'SNAPVM_JS_ERROR'
  | 'SNAPVM_JS_MEMORY'
  | 'SNAPVM_JS_RECURSION'
  | 'SNAPVM_JS_UNSETTLED'
  | 'SNAPVM_CALL_TIMEOUT'
  | 'SNAPVM_CALL_CPU'
>;

/** Has all of these codes: otherwise it does not compile. */
const GUEST_CODES: Readonly<Record<GuestErrorCode, true>> = {
  SNAPVM_GUEST_FAULT: true,
  SNAPVM_GUEST_SHUTDOWN: true,
  SNAPVM_GUEST_ABORT: true,
  SNAPVM_GUEST_FAILED: true,
  SNAPVM_GUEST_PROTOCOL: true,
  SNAPVM_GUEST_UNSUPPORTED: true,
  SNAPVM_GUEST_EXITED: true,
  SNAPVM_GUEST_LIMIT: true,
  SNAPVM_LINUX_NO_READ: true,
  SNAPVM_LINUX_STUCK: true,
  SNAPVM_JS_ERROR: true,
  SNAPVM_JS_MEMORY: true,
  SNAPVM_JS_RECURSION: true,
  SNAPVM_JS_UNSETTLED: true,
  SNAPVM_CALL_TIMEOUT: true,
  SNAPVM_CALL_CPU: true,
};

/**
 * A guest caused this error by what it did when it ran: it faulted, failed, threw, broke the protocol, or ran into a
 * limit. Errors of the caller, the engine and the machine are none, nor are those of a source that never ran.
 */
export class GuestError extends SnapvmError {
  /** `GuestError`, or `GuestThrownError`. */
  override readonly name: string = 'GuestError';

  constructor(code: GuestErrorCode, message: string, details: ErrorDetails = {}, options?: ErrorOptions) {
    super(code, message, details, options);
  }
}

/** A JavaScript function threw, or its promise was rejected: `SNAPVM_JS_ERROR`. */
export class GuestThrownError extends GuestError {
  /** `GuestThrownError`. */
  override readonly name: string = 'GuestThrownError';
  /** What the function threw. */
  readonly thrown: Thrown;

  constructor(message: string, thrown: Thrown, details: ErrorDetails = {}) {
    super('SNAPVM_JS_ERROR', message, details);
    this.thrown = thrown;
  }
}

/** An error of the class that its code has. */
export function errorOfCode(
  code: ErrorCode,
  message: string,
  details: ErrorDetails = {},
  options?: ErrorOptions,
): SnapvmError {
  if (isGuestCode(code)) return new GuestError(code, message, details, options);
  return new SnapvmError(code, message, details, options);
}

/** Whether a guest causes errors of this code. */
export function isGuestCode(code: ErrorCode): code is GuestErrorCode {
  return Object.hasOwn(GUEST_CODES, code);
}

/** An error as it crosses threads: error classes and their fields do not survive a structured clone. */
export interface ErrorData {
  readonly code: ErrorCode;
  readonly message: string;
  readonly details: ErrorDetails;
}
