/** Guests of test/conformance for other tests: in a sandbox that is closed when the test ends. */
import type { ExecutionContext } from 'ava';
import type { Backend } from '../../src/base/backend-name.js';
import { checkBackend, chooseBackend } from '../../src/engine/backend.js';
import type { Snapshot } from '../../src/snapshot/snapshot.js';
import type { SnapshotDescriptor } from '../../src/wire/descriptor.js';
import type { SandboxOptions } from '../../src/wire/protocol.js';
import type { Sandbox } from '../../workers/sandbox.js';
import { Context, Fixtures, type GuestOptions, keepsBases, makeSandbox } from '../conformance/context.js';
import { ReadyGuest } from '../conformance/guest.js';

export type { GuestOptions } from '../conformance/context.js';
export {
  guestPath,
  nextTicket,
  type Outcome,
  outcomeOf,
  PATIENT,
  type ReadyGuest,
  scaled,
  seeded,
  show,
  UNDER_QEMU,
} from '../conformance/guest.js';

/** What runs guests in these tests: what an engine would use. */
export const TEST_BACKEND: Backend = await chooseBackend(checkBackend(undefined));

function contextOf(t: ExecutionContext): Context {
  const fixtures = new Fixtures(TEST_BACKEND);
  t.teardown(() => fixtures.close());
  return new Context(fixtures, (done) => t.teardown(done));
}

/** A snapshot that is still to be initialised, in a sandbox. */
export async function coldGuest(
  t: ExecutionContext,
  name: string,
  options: GuestOptions = {},
): Promise<{ readonly snapshot: Snapshot; readonly sandbox: Sandbox }> {
  return await contextOf(t).cold(name, options);
}

/** A guest that is ready for calls. */
export async function readyGuest(
  t: ExecutionContext,
  name: string,
  options: GuestOptions = {},
): Promise<ReadyGuest> {
  return await contextOf(t).ready(name, options);
}

/** A sandbox of a guest that is ready; whoever makes it closes it. */
export function newGuest(
  descriptor: SnapshotDescriptor,
  snapshot: Snapshot,
  options: SandboxOptions,
): ReadyGuest {
  return new ReadyGuest(
    descriptor,
    snapshot,
    makeSandbox(TEST_BACKEND, descriptor, options),
    keepsBases(TEST_BACKEND),
  );
}
