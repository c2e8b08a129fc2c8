import { MESSAGE_HEADER_BYTES } from '../base/abi.js';
import { SnapvmError } from '../base/errors.js';
import { suggest } from '../base/suggest.js';
import type { Codec } from '../guests/guest.js';
import type { Target } from '../pool/call.js';
import type { DerivedSnapshot } from '../snapshot/derive.js';
import type { Snapshot } from '../snapshot/snapshot.js';
import { ARENA_BYTES } from '../wire/ring.js';
import type { CheckedPolicy } from './policy.js';

/** What a definition is made of. */
export type DefinitionParts = Omit<Definition, 'inFlight' | 'poisonedInRow' | 'ended' | 'idle'>;

/**
 * What a name stands for: a built guest and its policy. When the name is defined anew, another one replaces
 * it.
 */
export class Definition {
  readonly name: string;
  /** The snapshot as it was built; its symbols name the guest's addresses. */
  readonly snapshot: Snapshot;
  /** The snapshot that calls begin with, if it is another one. */
  readonly derived: DerivedSnapshot | undefined;
  readonly target: Target;
  readonly functions: readonly string[];
  readonly policy: CheckedPolicy;
  readonly codec: Codec;
  /** The hash of all that it was built from. */
  readonly hash: string;
  /** What the store has of it, what it shares with others included. */
  readonly storeKeys: readonly string[];
  /** Releases the memory it holds. */
  readonly release: () => void;
  /** How many calls were accepted and have not ended. */
  inFlight = 0;
  /** How many calls in a row left their sandbox poisoned. */
  poisonedInRow = 0;
  #idle: (() => void)[] = [];

  constructor(parts: DefinitionParts) {
    this.name = parts.name;
    this.snapshot = parts.snapshot;
    this.derived = parts.derived;
    this.target = parts.target;
    this.functions = parts.functions;
    this.policy = parts.policy;
    this.codec = parts.codec;
    this.hash = parts.hash;
    this.storeKeys = parts.storeKeys;
    this.release = parts.release;
  }

  /** Counts a call that has ended. */
  ended(): void {
    this.inFlight -= 1;
    if (this.inFlight > 0) return;
    for (const tell of this.#idle.splice(0)) tell();
  }

  /** Resolves when all its calls have ended. */
  idle(): Promise<void> {
    if (this.inFlight === 0) return Promise.resolve();
    return new Promise((resolve) => this.#idle.push(resolve));
  }
}

/** The index of the exported function that is to be called. @throws SnapvmError SNAPVM_CALL_FUNCTION */
export function indexOf(fn: string | undefined, { functions, name }: Definition): number {
  if (fn === undefined) return 0;
  const index = functions.indexOf(fn);
  if (index >= 0) return index;
  throw new SnapvmError(
    'SNAPVM_CALL_FUNCTION',
    `${name} has no function ${JSON.stringify(fn)}; ${suggest(fn, functions)}`,
    { function: name, fn },
  );
}

/** The bytes of the largest input, and of the largest answer of a host function. */
export function inputRoom({ target }: Definition): number {
  const { descriptor } = target.spec;
  const { linux, memory, entry } = descriptor;
  const program = entry.kind === 'start' || entry.kind === 'resume';
  const room = program && linux ? linux.inputBytes : memory.inputBytes - MESSAGE_HEADER_BYTES;
  return Math.min(room, ARENA_BYTES);
}

/** Refuses an input that does not fit. @throws SnapvmError SNAPVM_CALL_INPUT_TOO_LARGE */
export function checkLength(input: Uint8Array, definition: Definition): void {
  const room = inputRoom(definition);
  if (input.length <= room) return;
  throw new SnapvmError(
    'SNAPVM_CALL_INPUT_TOO_LARGE',
    `${definition.name}: the input has ${input.length} bytes; this function takes ${room} (raise inputBytes in its policy)`,
    { function: definition.name, bytes: input.length, room },
  );
}
