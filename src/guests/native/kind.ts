/** Native guests: ELF files made with the SDK, or that speak its ABI. Bytes in, bytes out. */

import { invalidOption } from '../../base/checks.js';
import { isBytes } from '../../base/realms.js';
import { CONFIG_OPTIONS, type GuestEnvironment, type SnapshotConfig } from '../../snapshot/environment.js';
import type { Codec, PreparedGuest } from '../guest.js';
import { inputBytes } from '../input.js';
import { guestKind, type KindSettings, type Warm } from '../kind.js';
import { SDK_OPTIONS, sizesIn } from '../policy.js';

interface NativeSettings extends KindSettings {
  readonly config: SnapshotConfig;
}

export const nativeKind = guestKind<GuestEnvironment, NativeSettings, PreparedGuest>({
  option: 'elf',
  policyOptions: ['warm', ...SDK_OPTIONS, ...CONFIG_OPTIONS],
  defaults: { warm: 'ready', maxExits: 10_000 },
  needsKvm: ({ privilege }) =>
    privilege === 'supervisor'
      ? "is a supervisor guest: it runs in ring 0, which only the kvm backend has, and this engine runs guests in processes; build it for privilege 'user', or use a machine with KVM"
      : undefined,
  check: (policy) => ({ warm: checkWarm(policy['warm']), config: sizesIn(policy) }),
  prepare: async (environment, { config }) => ({ environment, config, internals: {} }),
  codec: () => CODEC,
});

function checkWarm(value: unknown): Warm | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'boolean') return value && 'ready';
  throw invalidOption('warm', value, 'true or false');
}

const EMPTY = new Uint8Array(0);

const CODEC: Codec = {
  callOptions: [],
  encode: (input) => inputBytes('input', input),
  decode: (output) => output,
  decodeHostCall: (payload) => ({ input: payload, args: [payload] }),
  encodeHostAnswer: (answer) => {
    if (answer === undefined) return EMPTY;
    if (typeof answer === 'string') return new TextEncoder().encode(answer);
    if (isBytes(answer)) return answer;
    throw invalidOption('the answer of the host function', answer, 'a Uint8Array, a string or undefined');
  },
};
