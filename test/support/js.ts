/** JavaScript functions for tests. */
import type { ExecutionContext } from 'ava';
import {
  type Engine,
  type EngineOptions,
  GuestThrownError,
  type JsHandle,
  type JsPolicy,
  type JsSource,
  SnapvmError,
} from '../../src/index.js';
import { startEngine } from './engine.js';

/** The limit of a call unless a test gives its own: many engines start at once here, on few processors. */
const PATIENT_MS = 60_000;

/** An engine with a function; both are gone when the test ends. */
export async function defineJs(
  t: ExecutionContext,
  js: JsSource,
  policy: JsPolicy = {},
  options: EngineOptions = {},
): Promise<JsHandle> {
  const engine = await startEngine(t, { workers: 1, ...options });
  return await engine.define('f', { js }, { timeoutMs: PATIENT_MS, ...policy });
}

/** What an asynchronous step failed with. */
export async function errorOf(step: Promise<unknown>): Promise<SnapvmError> {
  try {
    await step;
  } catch (error) {
    if (error instanceof SnapvmError) return error;
    throw error;
  }
  throw new Error('there was no error');
}

export async function guestErrorOf(step: Promise<unknown>): Promise<GuestThrownError> {
  const error = await errorOf(step);
  if (error instanceof GuestThrownError) return error;
  throw error;
}

/** The code a definition fails with, and its message. */
export async function defineError(engine: Engine, js: JsSource): Promise<SnapvmError> {
  return await errorOf(engine.define('f', { js }));
}

export interface Line {
  readonly level: string;
  readonly text: string;
  readonly fields: object;
}

/** A logger that keeps what it is given. */
export function keepLines(lines: Line[]): Required<EngineOptions>['logger'] {
  const keep =
    (level: string) =>
    (fields: object, text: string): void => {
      lines.push({ level, text, fields });
    };
  return {
    error: keep('error'),
    warn: keep('warn'),
    info: keep('info'),
    debug: keep('debug'),
    trace: keep('trace'),
  };
}
