/** What a failed run means to the caller: exits and errors of the addon become SnapvmErrors. */

import type { StopSignal } from '../base/abort.js';
import { type ErrorCode, type ErrorDetails, errorOfCode, type SnapvmError } from '../base/errors.js';
import type { Codec } from '../guests/guest.js';
import { decodeResult } from '../guests/program-result.js';
import { aborted } from '../pool/errors.js';
import type { Exit, Failure, GuestFault, Printed, RunLimits } from '../wire/protocol.js';

/** Which guest failed, doing what. */
export interface FailureContext {
  /** The name it was defined by. */
  readonly name: string;
  /** The exported function that was called; none while it initialised. */
  readonly fn?: string | undefined;
  /** The id of the call. */
  readonly call?: number;
  /** Whether the deadline its caller gave has passed. */
  readonly late?: boolean;
  readonly symbolize: (rip: bigint) => string | undefined;
  readonly signal?: StopSignal | undefined;
  /** What a handler's code other than 0 means, where the kind of guest says so. */
  readonly failed?: Codec['failed'] | undefined;
  /** What a processor exception means, where the kind of guest says so. */
  readonly faulted?: Codec['faulted'] | undefined;
}

/** Exception vectors by the names of the Intel SDM (vol. 3, table 6-1) and the AMD APM (vol. 2, 8.2). */
const VECTORS: Readonly<Record<number, readonly [mnemonic: string, meaning: string]>> = {
  0: ['#DE', 'divide error'],
  1: ['#DB', 'debug exception'],
  3: ['#BP', 'breakpoint'],
  4: ['#OF', 'overflow'],
  5: ['#BR', 'bound range exceeded'],
  6: ['#UD', 'undefined instruction'],
  7: ['#NM', 'device not available'],
  8: ['#DF', 'double fault'],
  10: ['#TS', 'invalid TSS'],
  11: ['#NP', 'segment not present'],
  12: ['#SS', 'stack fault'],
  13: ['#GP', 'general protection'],
  14: ['#PF', 'page fault'],
  16: ['#MF', 'x87 exception'],
  17: ['#AC', 'misaligned access'],
  19: ['#XM', 'SIMD exception'],
  21: ['#CP', 'control protection'],
};
/** How many bytes of a failed handler's answer the message shows. */
const MESSAGE_BYTES = 200;
const PAGE_FAULT = 14;
const PF_WRITE = 2;
const PF_FETCH = 16;

/** The error of a run that failed. */
export function failureToError(failure: Failure, context: FailureContext): SnapvmError {
  const where = context.fn === undefined ? `${context.name} (initialising)` : `${context.name}.${context.fn}`;
  const base: ErrorDetails = {
    function: context.name,
    fn: context.fn,
    call: context.call,
    ...detailsOf(failure.printed),
  };
  if (failure.kind === 'error') {
    const { code, message, details } = failure.error;
    return errorOfCode(code, `${where}: ${message}`, { ...base, ...details });
  }
  const { exit } = failure;
  if (exit.kind === 'result' && context.failed) return context.failed(exit.code, exit.output, where, base);
  const meant = exit.kind === 'fault' ? context.faulted?.(exit.fault, where, base) : undefined;
  if (meant !== undefined) return meant;
  const [code, message, details] = describeExit(failure.exit, failure.limits, context);
  const cause = code === 'SNAPVM_CALL_ABORTED' ? aborted(context.signal).cause : undefined;
  return errorOfCode(
    code,
    `${where}: ${message}`,
    { ...base, ...details },
    cause === undefined ? {} : { cause },
  );
}

/** What a program wrote before it failed, as text. */
function detailsOf(printed: Printed | undefined): ErrorDetails {
  if (printed === undefined) return {};
  const decode = (bytes: Uint8Array) => new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  return { stdout: decode(printed.stdout), stderr: decode(printed.stderr) };
}

const POISONING: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'SNAPVM_GUEST_FAULT',
  'SNAPVM_GUEST_SHUTDOWN',
  'SNAPVM_GUEST_ABORT',
  'SNAPVM_GUEST_PROTOCOL',
  'SNAPVM_GUEST_UNSUPPORTED',
  'SNAPVM_GUEST_LIMIT',
  'SNAPVM_CALL_TIMEOUT',
  'SNAPVM_CALL_CPU',
]);

/** Whether a failure is the guest's doing and leaves its sandbox poisoned. */
export function isPoisoning(code: ErrorCode): boolean {
  return POISONING.has(code);
}

function describeExit(
  exit: Exit,
  limits: RunLimits,
  context: FailureContext,
): [ErrorCode, string, ErrorDetails] {
  switch (exit.kind) {
    case 'result':
      return [
        'SNAPVM_GUEST_FAILED',
        `the handler returned ${exit.code}${text(exit.output)}`,
        { guestCode: exit.code },
      ];
    case 'abort':
      return [
        'SNAPVM_GUEST_ABORT',
        `the guest aborted with code ${exit.code}: ${exit.message}`,
        { guestCode: exit.code },
      ];
    case 'fault':
      return describeFault(exit.fault, context);
    case 'stopped':
      return describeStop(exit.reason, limits, context.late ?? false);
    case 'syscall':
      return [
        'SNAPVM_GUEST_UNSUPPORTED',
        'the guest made a Linux system call; a native guest has none (use the host functions of its SDK)',
        {},
      ];
    case 'shutdown':
      return [
        'SNAPVM_GUEST_SHUTDOWN',
        'the guest shut its machine down: it met an exception and had no handler for it (triple fault)',
        {},
      ];
    case 'unsupported':
      return ['SNAPVM_GUEST_UNSUPPORTED', `the guest ${exit.reason}`, {}];
    case 'exited': {
      const { exitCode, signal, stderr } = decodeResult(exit.output);
      const how = signal === undefined ? `with exit code ${exitCode}` : `by ${signal}`;
      return ['SNAPVM_GUEST_EXITED', `the guest ended ${how}${text(stderr)}`, { exitCode, signal }];
    }
    case 'ready':
    case 'frozen':
    case 'hostCall':
    case 'output':
      return ['SNAPVM_INTERNAL', `the run ended with "${exit.kind}"`, {}];
  }
}

function describeFault(fault: GuestFault, { symbolize }: FailureContext): [ErrorCode, string, ErrorDetails] {
  const [mnemonic, meaning] = VECTORS[fault.vector] ?? [`vector ${fault.vector}`, 'exception'];
  const symbol = symbolize(fault.rip);
  const access = accessKind(fault);
  const where = `at ${hex(fault.rip)}${symbol === undefined ? '' : ` (${symbol})`}`;
  const what = access === undefined ? meaning : `${meaning}: ${access} ${hex(fault.cr2)}`;
  return [
    'SNAPVM_GUEST_FAULT',
    `the guest raised ${mnemonic} (${what}) ${where}`,
    {
      vector: fault.vector,
      vectorName: mnemonic,
      errorCode: fault.errorCode,
      rip: fault.rip,
      symbol,
      cr2: fault.vector === PAGE_FAULT ? fault.cr2 : undefined,
      access,
    },
  ];
}

function accessKind({ vector, errorCode }: GuestFault): 'read' | 'write' | 'execute' | undefined {
  if (vector !== PAGE_FAULT) return undefined;
  if (errorCode & PF_FETCH) return 'execute';
  return errorCode & PF_WRITE ? 'write' : 'read';
}

function describeStop(
  reason: Extract<Exit, { kind: 'stopped' }>['reason'],
  limits: RunLimits,
  late: boolean,
): [ErrorCode, string, ErrorDetails] {
  if (late && (reason === 'time' || reason === 'abort')) {
    return ['SNAPVM_CALL_DEADLINE', 'stopped at the deadline its caller gave', {}];
  }
  switch (reason) {
    case 'time':
      return [
        'SNAPVM_CALL_TIMEOUT',
        `stopped after its time limit of ${limits.timeoutMs} ms`,
        { timeoutMs: limits.timeoutMs },
      ];
    case 'cpu':
      return [
        'SNAPVM_CALL_CPU',
        `stopped after its CPU limit of ${limits.cpuMs} ms`,
        { cpuMs: limits.cpuMs },
      ];
    case 'abort':
      return ['SNAPVM_CALL_ABORTED', 'the call was aborted by its AbortSignal', {}];
    case 'close':
      return ['SNAPVM_ENGINE_CLOSED', 'stopped because the engine was closed', {}];
  }
}

/** The start of what a failed handler wrote, if it is text. */
function text(output: Uint8Array): string {
  const head = new TextDecoder().decode(output.subarray(0, MESSAGE_BYTES));
  if (head === '' || !isText(head)) return '';
  return `: ${JSON.stringify(output.length > MESSAGE_BYTES ? `${head}…` : head)}`;
}

/** Whether it has no control characters but white space, and all of it was UTF-8. */
function isText(decoded: string): boolean {
  return !/[^\P{Cc}\s]|\ufffd/u.test(decoded);
}

function hex(value: bigint): string {
  return `0x${value.toString(16)}`;
}
