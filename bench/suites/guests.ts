/** Guests to measure, and sandboxes of them without the pool. */
import { fileURLToPath } from 'node:url';
import { addon } from '../../src/addon/addon.js';
import type { Backend } from '../../src/base/backend-name.js';
import { checkBackend, chooseBackend, probeBackend } from '../../src/engine/backend.js';
import { deriveSnapshot } from '../../src/snapshot/derive.js';
import type { SnapshotConfig } from '../../src/snapshot/environment.js';
import { Snapshot } from '../../src/snapshot/snapshot.js';
import type { SnapshotDescriptor } from '../../src/wire/descriptor.js';
import type { RunLimits, SandboxOptions } from '../../src/wire/protocol.js';
import { FrozenGuests } from '../../workers/frozen-guests.js';
import { Sandbox } from '../../workers/sandbox.js';
import { Skip } from '../harness/suite.js';

/** guest/bench/bench.c */
export const BENCH = fileURLToPath(new URL('../../guest/bench/bench.elf', import.meta.url));
export const PAYLOAD = new Uint8Array(64).fill(0x61);
export const MIB = 2 ** 20;
export const PAGE = 4096;

/** In the order of bench.c. */
export const FUNCTIONS = { echo: 0, touch: 1 } as const;

const OPTIONS: SandboxOptions = { maxExits: 100, maxLogBytes: 0, verifyRestore: false };
const LIMITS: RunLimits = { timeoutMs: 10_000, cpuMs: 0 };

/** What the suites measure: what an engine would use here. */
const BENCH_BACKEND: Backend = await chooseBackend(checkBackend(undefined));
// For engines, and for the processes of the variants: nobody needs to be warned of it again.
process.env['SNAPVM_BACKEND'] = BENCH_BACKEND;

/** @throws Skip where there is no KVM to measure */
export async function needKvm(): Promise<void> {
  const report = await probeBackend('kvm');
  if (report.error !== undefined) throw new Skip(report.error.message);
}

/** The bench guest at ready, initialised in this thread. */
export async function readyGuest(
  config: SnapshotConfig = {},
  backend: Backend = BENCH_BACKEND,
): Promise<{ readonly descriptor: SnapshotDescriptor; close(): void }> {
  addon(); // or a missing addon is told of as a guest that failed
  const built = await Snapshot.build({ elf: BENCH }, config);
  const frozen = new FrozenGuests(backend);
  const reply = frozen.initialise({
    descriptor: built.descriptor,
    options: OPTIONS,
    limits: LIMITS,
    ticket: 1,
  });
  if (!reply.ok) throw new Error(`the guest did not become ready: ${JSON.stringify(reply.failure)}`);
  const image = addon().openImage(reply.ready.imageId);
  const derived = await deriveSnapshot(built.descriptor, reply.ready, image);
  return {
    descriptor: derived.descriptor,
    close: () => {
      frozen.close();
      derived.close();
      built.close();
    },
  };
}

/** A sandbox of this thread, and how it is called. */
export class Callee {
  readonly sandbox: Sandbox;
  #ticket = 0;

  constructor(descriptor: SnapshotDescriptor, backend: Backend = BENCH_BACKEND) {
    this.sandbox = new Sandbox(descriptor, OPTIONS, backend);
  }

  /** @throws Error unless the guest answers so many bytes */
  call(input: Uint8Array, fn: keyof typeof FUNCTIONS, length: number): void {
    const exit = this.sandbox.call(input, FUNCTIONS[fn], ++this.#ticket, LIMITS);
    if (exit.kind !== 'result' || exit.code !== 0 || exit.output.length !== length)
      throw new Error(`the guest ended with ${JSON.stringify(exit)}`);
  }
}

/** The input of `touch`: pages to write a byte to, and the bytes from one to the next. */
export function touchInput(pages: number, stride = PAGE): Uint8Array {
  return new Uint8Array(Uint32Array.of(pages, stride).buffer);
}
