/** What a failure means to the one who typed the command: a line, an object, an exit code. */

import { GuestThrownError, SnapvmError } from '../base/errors.js';
import { escapeControls, escapeLine } from '../base/escape.js';
import { SnapvmRequestError } from '../client/errors.js';
import { UsageError } from './arguments.js';
import { oneLine } from './output.js';
import { printable } from './printable.js';
import { isUsage, requestAdvice, requestReport, thrownFrames } from './request-failure.js';

const EXIT_FAILED = 1;
const EXIT_USAGE = 2;
const EXIT_HOST = 3;
/** The exit code of a call that was stopped at its limit, as of timeout(1). */
const EXIT_TIMEOUT = 124;
const TIME_LIMITS: ReadonlySet<string> = new Set([
  'SNAPVM_CALL_TIMEOUT',
  'SNAPVM_CALL_CPU',
  'SNAPVM_CALL_DEADLINE',
]);

/** A failure that is no SnapvmError: a file that cannot be read, by its errno. */
export class FileError extends Error {
  override readonly name = 'FileError';
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

export interface ErrorReport {
  readonly code: string;
  readonly message: string;
  readonly details: Readonly<Record<string, unknown>>;
  /** What a JavaScript function threw. */
  readonly thrown?: unknown;
}

export function exitCodeOf(error: unknown): number {
  if (error instanceof UsageError) return EXIT_USAGE;
  if (!(error instanceof SnapvmError || error instanceof SnapvmRequestError)) return EXIT_FAILED;
  if (TIME_LIMITS.has(error.code)) return EXIT_TIMEOUT;
  return error.code.startsWith('SNAPVM_HOST_') ? EXIT_HOST : EXIT_FAILED;
}

/** The failure as `--json` prints it, for programs. */
export function reportOf(error: unknown): ErrorReport {
  if (error instanceof SnapvmError) {
    const { code, message, details } = error;
    return {
      code,
      message,
      details,
      ...(error instanceof GuestThrownError && { thrown: printable(error.thrown) }),
    };
  }
  if (error instanceof SnapvmRequestError) return requestReport(error);
  if (error instanceof FileError) return { code: error.code, message: error.message, details: {} };
  const message = error instanceof Error ? error.message : String(error);
  return { code: 'SNAPVM_INTERNAL', message, details: {} };
}

/** For people: one line and what a module's author needs, or the stack as well when SNAPVM_DEBUG is 1. */
export function lineOf(error: unknown, command: string | undefined): string {
  const help = `snapvm ${command === undefined ? '' : `${command} `}--help`;
  if (error instanceof UsageError) return `snapvm: ${oneLine(error.message)} (see "${help}")`;
  const { code, message } = reportOf(error);
  const [first = '', ...rest] = isAboutSource(code) ? message.split('\n') : [message];
  const head = `snapvm: ${code}: ${oneLine(withFlagNames(first, command))}${adviceFor(error)}`;
  const line = [head, ...[...rest, ...framesOf(error)].map(escapeLine)].join('\n');
  const stack = error instanceof Error ? error.stack : undefined;
  return process.env['SNAPVM_DEBUG'] === '1' && stack !== undefined
    ? `${line}\n${escapeControls(stack)}`
    : line;
}

function adviceFor(error: unknown): string {
  return error instanceof SnapvmRequestError ? requestAdvice(error) : '';
}

/** Where a JavaScript function threw, in lines of its source. */
function framesOf(error: unknown): readonly string[] {
  if (error instanceof SnapvmRequestError) return thrownFrames(error);
  return error instanceof GuestThrownError ? error.thrown.stack.split('\n').slice(1) : [];
}

/** These messages show the place in the source. */
function isAboutSource(code: string): boolean {
  return code === 'SNAPVM_JS_SYNTAX' || code === 'SNAPVM_JS_BUNDLE';
}

/** Prints a warning. It names options as JavaScript does. */
export function warningLine({ message }: Error): string {
  return `snapvm: warning: ${oneLine(message.replace("backend: 'process'", '--backend process'))}`;
}

/** A policy option the engine refused is a mistake in the command line. */
export function asUsageError(error: unknown, command: string | undefined): unknown {
  const isConfig = error instanceof SnapvmError && error.code.startsWith('SNAPVM_CONFIG_');
  if (!isConfig && !(error instanceof SnapvmRequestError && isUsage(error))) return error;
  return new UsageError(withFlagNames(error.message, command), { cause: error });
}

const OPTIONS = [
  '(?:mcp\\.)?(?:input|output|heap|stack|scratch|body)Bytes',
  '(?:mcp\\.)?(?:timeout|cpu|initTimeout|deadline)Ms',
  'maxExits',
  'mcp\\.(?:outputCharacters|concurrent)',
];
const OPTION = new RegExp(`\\b(?:${OPTIONS.join('|')})\\b`, 'g');

/** Messages name options as JavaScript does; at a prompt they have the names of the flags. */
function withFlagNames(message: string, command: string | undefined): string {
  // These are names in a file.
  if (command === 'serve' && /^(?:mcp|mostPolicy)\b/.test(message)) return message;
  return message.replaceAll(
    OPTION,
    (name) => `--${name.replace('mcp.', '').replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`,
  );
}
