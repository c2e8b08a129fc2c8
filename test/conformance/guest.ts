/** A guest that can be called, straight through workers/sandbox.ts: no engine, no threads. */
import { AssertionError } from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { SnapvmError } from '../../src/base/errors.js';
import type { Snapshot } from '../../src/snapshot/snapshot.js';
import type { SnapshotDescriptor } from '../../src/wire/descriptor.js';
import type { Exit, GuestLogs, RunLimits } from '../../src/wire/protocol.js';
import type { Sandbox, SandboxStats } from '../../workers/sandbox.js';

/** In the emulated AMD-V of scripts/amd-v everything takes some thirty times as long. */
export const UNDER_QEMU = process.env['SNAPVM_UNDER_QEMU'] === '1';

/** How often to do a thing that is done `count` times here. */
export function scaled(count: number, least = 2): number {
  return UNDER_QEMU ? Math.max(least, Math.ceil(count / 40)) : count;
}

/** Where a guest of `make -C guest` is: `examples/echo`, `hostile/leak`, `examples/echo.supervisor`. */
export function guestPath(name: string): string {
  return fileURLToPath(new URL(`../../guest/${name}.elf`, import.meta.url));
}

/** Long enough for anything that ends by itself. */
export const PATIENT: RunLimits = { timeoutMs: 60_000, cpuMs: 0 };

/** A run as tests compare it: an error of the sandbox is one more way to end. */
export type Outcome = Exit | { readonly kind: 'error'; readonly code: string; readonly message: string };

let lastTicket = 0;
/** Unique in this thread, as `interrupt` wants it. */
export function nextTicket(): number {
  return ++lastTicket;
}

export function outcomeOf(run: () => Exit): Outcome {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof SnapvmError)) throw error;
    return { kind: 'error', code: error.code, message: error.message };
  }
}

/** A guest that is ready for calls, in a sandbox. */
export class ReadyGuest {
  readonly sandbox: Sandbox;
  readonly descriptor: SnapshotDescriptor;
  readonly snapshot: Snapshot;

  /** Whether FS and GS base are its own: see `keepsBases` in context.ts. */
  readonly keepsBases: boolean;

  /** @param snapshot What was built, before it became ready. */
  constructor(descriptor: SnapshotDescriptor, snapshot: Snapshot, sandbox: Sandbox, keepsBases: boolean) {
    this.keepsBases = keepsBases;
    this.descriptor = descriptor;
    this.snapshot = snapshot;
    this.sandbox = sandbox;
  }

  get functions(): readonly string[] {
    return this.descriptor.functions;
  }

  get stats(): SandboxStats {
    return this.sandbox.stats;
  }

  logs(): GuestLogs {
    return this.sandbox.logs();
  }

  /** Calls a function by its name; what the sandbox throws is an outcome too. */
  call(
    fn: string,
    input: Uint8Array | string = '',
    limits: Partial<RunLimits> = {},
    ticket = nextTicket(),
  ): Outcome {
    const index = this.functions.indexOf(fn);
    if (index < 0) throw new Error(`the guest has no function ${fn}`);
    const bytes = typeof input === 'string' ? Buffer.from(input) : input;
    return outcomeOf(() => this.sandbox.call(bytes, index, ticket, { ...PATIENT, ...limits }));
  }

  /** Answers the host call the guest waits in. */
  answer(status: number, bytes: Uint8Array | string = '', ticket = nextTicket()): Outcome {
    const given = typeof bytes === 'string' ? Buffer.from(bytes) : bytes;
    return outcomeOf(() => this.sandbox.answer(status, given, ticket));
  }

  /** The output of a call that must succeed. */
  output(fn: string, input?: Uint8Array | string): Buffer {
    return outputOf(this.call(fn, input), fn);
  }

  text(fn: string, input?: Uint8Array | string): string {
    return this.output(fn, input).toString();
  }

  close(): void {
    this.sandbox.close();
  }
}

/** The output of a call that must have succeeded. */
export function outputOf(outcome: Outcome, fn = 'the call'): Buffer {
  if (outcome.kind !== 'result' || outcome.code !== 0) {
    throw new Error(`${fn} did not succeed: ${show(outcome)}`);
  }
  return Buffer.from(outcome.output);
}

/** For messages: bigints and bytes readable. */
export function show(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => {
    if (typeof part === 'bigint') return `0x${part.toString(16)}`;
    if (part instanceof Uint8Array) return Buffer.from(part.subarray(0, 40)).toString('latin1');
    return part;
  });
}

/** Parts of an outcome; what is not named may be anything. */
export type Expected = { readonly kind: Outcome['kind'] } & Readonly<Record<string, unknown>>;

/** Whether everything that `expected` names is in `actual`, at any depth; a RegExp matches text. */
export function matches(actual: unknown, expected: unknown): boolean {
  if (expected instanceof RegExp) return typeof actual === 'string' && expected.test(actual);
  if (expected instanceof Uint8Array)
    return actual instanceof Uint8Array && Buffer.compare(actual, expected) === 0;
  if (typeof expected !== 'object' || expected === null) return Object.is(actual, expected);
  if (typeof actual !== 'object' || actual === null) return false;
  const parts = actual as Readonly<Record<string, unknown>>;
  return Object.entries(expected).every(([name, value]) => matches(parts[name], value));
}

/** Fails unless the outcome has all that `expected` names. */
export function assertEnds(outcome: Outcome, expected: Expected, what = 'the call'): void {
  if (matches(outcome, expected)) return;
  const words = Object.entries(expected).map(([name, value]) => `${name} ${wordFor(value)}`);
  throw new AssertionError({
    message: `${what} ended with ${show(outcome)}; expected: ${words.join(', ')}`,
    stackStartFn: assertEnds,
  });
}

function wordFor(value: unknown): string {
  return value instanceof RegExp ? String(value) : show(value);
}

/** Little-endian u64s, as conformance guests take their arguments. */
export function words(...values: readonly bigint[]): Buffer {
  const bytes = Buffer.alloc(values.length * 8);
  for (const [index, value] of values.entries()) bytes.writeBigUInt64LE(value, index * 8);
  return bytes;
}

/** The u64 at an index of an answer. */
export function wordAt(bytes: Buffer, index: number): bigint {
  return bytes.readBigUInt64LE(index * 8);
}

/** Numbers in [0, 1) that a seed decides (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
