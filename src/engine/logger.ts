import { invalidOption } from '../base/checks.js';
import type { SnapvmError } from '../base/errors.js';
import { escapeControls } from '../base/escape.js';
import { soon } from '../base/globals.js';
import { atOnce, inSlices, mayReadNow, type Steps } from '../base/slices.js';
import type { Codec } from '../guests/guest.js';
import type { GuestLog, GuestLogs } from '../wire/protocol.js';

/** Where log lines go: pino's interface, or the console. */
export interface Logger {
  /** A line of level 1 of a guest, or a host function that threw (its error is `err`). */
  error(fields: object, text: string): void;
  /** A line of level 2, or lines that were dropped. */
  warn(fields: object, text: string): void;
  /** A line of level 3. */
  info(fields: object, text: string): void;
  /** A line of level 4. */
  debug(fields: object, text: string): void;
  /** A line of level 5, or printed text. */
  trace(fields: object, text: string): void;
}

/** Of a step of logging. */
const STEP_BYTES = 8192;
/** What a logger does with a line however short it is, in bytes that take as long to read. */
const LINE_BYTES = 64;

const LEVELS = ['error', 'warn', 'info', 'debug', 'trace'] as const;

/** Whose line it is. */
export interface LogFields {
  readonly function: string;
  readonly fn?: string;
  readonly call?: number;
  readonly hostFunction?: string;
  /** Of a warning of snapvm's own. */
  readonly code?: string;
}

/** Checks that a logger has all methods. @throws SnapvmError `SNAPVM_CONFIG_VALUE` */
export function checkLogger(logger: unknown): Logger | undefined {
  if (logger === undefined) return undefined;
  const methods = typeof logger === 'object' && logger !== null ? (logger as Record<string, unknown>) : {};
  if (LEVELS.every((level) => typeof methods[level] === 'function')) return logger as Logger;
  throw invalidOption('logger', logger, `an object with the methods ${LEVELS.join(', ')}`);
}

/**
 * Hands the lines of a guest on, as `codec` reads them: at once, or many in slices (a promise). What a guest writes as
 * its level is any number.
 */
export function logGuest(
  logger: Logger | undefined,
  logs: GuestLogs,
  codec: Codec | undefined,
  fields: LogFields,
): Promise<void> | undefined {
  if (logger === undefined) return undefined;
  const steps = logSteps(logger, logs, codec, fields);
  if (!mayReadNow(logs.lines.reduce((sum, line) => sum + costOf(line), 0))) return inSlices(steps);
  atOnce(steps);
  return undefined;
}

function* logSteps(
  logger: Logger,
  { lines, dropped }: GuestLogs,
  codec: Codec | undefined,
  fields: LogFields,
): Steps<void> {
  let cost = 0;
  for (const line of codec?.logLines?.(lines) ?? lines) {
    log(logger, LEVELS[line.level - 1] ?? 'trace', fields, line.text);
    cost += costOf(line);
    if (cost < STEP_BYTES) continue;
    cost = 0;
    yield;
  }
  if (dropped > 0) log(logger, 'warn', { ...fields, dropped }, 'log lines over maxLogBytes were dropped');
}

/** In bytes that take as long to read. */
function costOf({ text }: GuestLog): number {
  return text.length + LINE_BYTES;
}

/** Says what a host function threw. */
export function logHostFailure(logger: Logger | undefined, err: unknown, fields: LogFields): void {
  if (logger !== undefined) log(logger, 'error', { ...fields, err }, 'the host function failed');
}

/** Says what of the store was refused, or could not be saved. */
export function logStoreProblem(logger: Logger | undefined, err: SnapvmError): void {
  if (logger !== undefined) log(logger, 'warn', { err }, err.message);
}

/** Passes on what is odd about a module, but no error. */
export function logWarning(logger: Logger | undefined, text: string, fields: LogFields): void {
  if (logger !== undefined) log(logger, 'warn', fields, text);
}

/** Says that a guest has random bytes which are the same in every call, and which anybody can find out. */
export function logFrozenRandom(logger: Logger | undefined, fields: LogFields): void {
  const code = 'SNAPVM_FROZEN_RANDOM';
  logWarning(
    logger,
    `${code}: ${fields.function} took random bytes (getrandom, /dev/urandom) before its calls begin. They are the same ` +
      'in every call, and not secret. Seed generators, and make keys, ids and hash seeds, in the call ' +
      '(docs/guests.md, "Random numbers after a freeze", says how)',
    { ...fields, code },
  );
}

/**
 * The console prints a text as it is, so what a guest wrote is escaped here.
 * What a logger throws concerns no call, and is an uncaught exception.
 */
function log(logger: Logger, level: (typeof LEVELS)[number], fields: object, text: string): void {
  try {
    logger[level](fields, escapeControls(text));
  } catch (error) {
    soon(() => {
      throw error;
    });
  }
}
