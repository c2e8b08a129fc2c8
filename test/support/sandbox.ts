/** A guest that can be called, straight through workers/sandbox.ts: no engine, no threads. */
import { fileURLToPath } from 'node:url';
import type { ExecutionContext } from 'ava';
import { checkBackend, chooseBackend } from '../../src/backend.js';
import type { Backend } from '../../src/backend-name.js';
import { SnapvmError } from '../../src/errors.js';
import type { Exit, GuestLogs, RunLimits, SandboxOptions } from '../../src/pool/protocol.js';
import { deriveSnapshot } from '../../src/snapshot/derive.js';
import type { SnapshotDescriptor } from '../../src/snapshot/descriptor.js';
import type { GuestEnvironment, SnapshotConfig } from '../../src/snapshot/environment.js';
import { Snapshot } from '../../src/snapshot/snapshot.js';
import { Sandbox, type SandboxStats } from '../../workers/sandbox.js';

/** In the emulated AMD-V of scripts/amd-v everything takes some thirty times as long. */
export const UNDER_QEMU = process.env['SNAPVM_UNDER_QEMU'] === '1';

/** What runs guests in these tests: what an engine would use. */
export const TEST_BACKEND: Backend = await chooseBackend(checkBackend(undefined));

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

export interface GuestOptions extends Partial<SandboxOptions> {
  readonly config?: SnapshotConfig;
  readonly initData?: GuestEnvironment['initData'];
  readonly elf?: Uint8Array;
}

const DEFAULTS: SandboxOptions = { maxExits: 10_000, maxLogBytes: 65_536, verifyRestore: false };

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

function sandboxOptions(options: GuestOptions): SandboxOptions {
  const { maxExits, maxLogBytes, verifyRestore } = { ...DEFAULTS, ...options };
  return { maxExits, maxLogBytes, verifyRestore };
}

/** A snapshot that is still to be initialised, in a sandbox; both are closed when the test ends. */
export async function coldGuest(
  t: ExecutionContext,
  name: string,
  options: GuestOptions = {},
): Promise<{ readonly snapshot: Snapshot; readonly sandbox: Sandbox }> {
  const snapshot = await Snapshot.build(
    {
      elf: options.elf ?? guestPath(name),
      privilege: name.endsWith('.supervisor') ? 'supervisor' : 'user',
      ...(options.initData !== undefined && { initData: options.initData }),
    },
    options.config,
  );
  t.teardown(() => snapshot.close());
  const sandbox = new Sandbox(snapshot.descriptor, sandboxOptions(options), TEST_BACKEND);
  t.teardown(() => sandbox.close());
  return { snapshot, sandbox };
}

/** A guest that is ready for calls; everything is closed when the test ends. */
export async function readyGuest(
  t: ExecutionContext,
  name: string,
  options: GuestOptions = {},
): Promise<ReadyGuest> {
  const { snapshot, sandbox } = await coldGuest(t, name, options);
  const exit = sandbox.initialise(nextTicket(), PATIENT);
  if (exit.kind !== 'ready') throw new Error(`${name} did not become ready: ${exit.kind}`);
  const { image, ...state } = sandbox.capture();
  sandbox.close();
  const derived = await deriveSnapshot(snapshot.descriptor, {
    kind: 'call',
    functions: exit.functions,
    imageId: image.id,
    ...state,
  });
  image.close();
  t.teardown(() => derived.close());
  const guest = new ReadyGuest(derived.descriptor, snapshot, sandboxOptions(options));
  t.teardown(() => guest.close());
  return guest;
}

export class ReadyGuest {
  readonly sandbox: Sandbox;
  readonly descriptor: SnapshotDescriptor;
  readonly snapshot: Snapshot;

  constructor(descriptor: SnapshotDescriptor, snapshot: Snapshot, options: SandboxOptions) {
    this.descriptor = descriptor;
    this.snapshot = snapshot;
    this.sandbox = new Sandbox(descriptor, options, TEST_BACKEND);
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
  answer(status: number, bytes: Uint8Array | string = ''): Outcome {
    const given = typeof bytes === 'string' ? Buffer.from(bytes) : bytes;
    return outcomeOf(() => this.sandbox.answer(status, given, nextTicket()));
  }

  /** The output of a call that must succeed. */
  output(fn: string, input?: Uint8Array | string): Buffer {
    const outcome = this.call(fn, input);
    if (outcome.kind !== 'result' || outcome.code !== 0) {
      throw new Error(`${fn} did not succeed: ${show(outcome)}`);
    }
    return Buffer.from(outcome.output);
  }

  text(fn: string, input?: Uint8Array | string): string {
    return this.output(fn, input).toString();
  }

  close(): void {
    this.sandbox.close();
  }
}

/** For messages: bigints and bytes readable. */
export function show(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => {
    if (typeof part === 'bigint') return `0x${part.toString(16)}`;
    if (part instanceof Uint8Array) return Buffer.from(part.subarray(0, 40)).toString('latin1');
    return part;
  });
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
