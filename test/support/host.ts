/** Engines whose guests call the host, and what such calls leave behind. */
import type { ExecutionContext } from 'ava';
import type {
  Engine,
  EngineOptions,
  FunctionHandle,
  HostFunctions,
  Logger,
  Policy,
  SnapvmError,
} from '../../src/index.js';
import { startEngine } from './engine.js';
import { guestPath } from './sandbox.js';

/** guest/examples/hostcall.c */
export const HOSTCALL = { elf: guestPath('examples/hostcall') };
/** Bytes that fit an input buffer of the default size. */
export const ROOM = 0x4000 - 64;
/** Limits that nothing that ends by itself runs into. */
export const LONG = { timeoutMs: 60_000 };

export interface HostEngine {
  readonly engine: Engine;
  readonly guest: FunctionHandle;
}

/** An engine of one worker with a guest that may call all of these host functions. */
export async function startHostEngine(
  t: ExecutionContext,
  hostFunctions: HostFunctions,
  options: EngineOptions = {},
  policy: Policy = {},
): Promise<HostEngine> {
  const engine = await startEngine(t, { workers: 1, hostFunctions, ...options });
  const allowed = { ...LONG, hostFunctions: Object.keys(hostFunctions), ...policy };
  return { engine, guest: await engine.define('guest', HOSTCALL, allowed) };
}

export interface Line {
  readonly level: string;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly text: string;
}

/** A logger that keeps what it gets. */
export function keepLines(): { readonly lines: Line[]; readonly logger: Logger } {
  const lines: Line[] = [];
  const keep =
    (level: string) =>
    (fields: object, text: string): void => {
      lines.push({ level, fields: { ...fields }, text });
    };
  return {
    lines,
    logger: {
      error: keep('error'),
      warn: keep('warn'),
      info: keep('info'),
      debug: keep('debug'),
      trace: keep('trace'),
    },
  };
}

/** A promise with its ends in hand. */
export interface Gate<T> {
  readonly promise: Promise<T>;
  readonly open: (value: T) => void;
  readonly fail: (error: unknown) => void;
}

export function gate<T = void>(): Gate<T> {
  let open: (value: T) => void = () => {};
  let fail: (error: unknown) => void = () => {};
  const promise = new Promise<T>((resolve, reject) => {
    open = resolve;
    fail = reject;
  });
  return { promise, open, fail };
}

/** The error of something that must fail. */
export async function errorOf(t: ExecutionContext, call: Promise<unknown>): Promise<SnapvmError> {
  return call.then(
    () => t.fail('it did not fail'),
    (error: unknown) => error,
  ) as Promise<SnapvmError>;
}

export function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString();
}

/** Never settles. */
export function forever(): Promise<never> {
  return new Promise(() => {});
}
