/** What the engine asks of a kind of guest. */

import type { Codec, Guest, PreparedGuest } from './guest.js';

/** The options of a policy as they were given; their names are known to be right. */
export type GivenPolicy = Readonly<Record<string, unknown>>;

/**
 * What calls begin with: the guest as it was when it had become ready, or when it first read; or its start.
 */
export type Warm = 'ready' | 'stdin' | false;

interface KindFacts {
  /** The option that a source of this kind has, and no source of another kind. */
  readonly option: string;
  /** The options of its policy, beside those that every kind has. */
  readonly policyOptions: readonly string[];
  /** What holds where a policy does not say. */
  readonly defaults: { readonly warm: Warm; readonly maxExits: number };
}

/** What a policy says to a kind. */
export interface KindSettings {
  /** Absent where the policy does not say. */
  readonly warm?: Warm | undefined;
}

/** A kind of guest, as its folder describes it. */
export interface KindDescription<Source, Settings extends KindSettings, Prepared extends PreparedGuest>
  extends KindFacts {
  /** Why a source runs on the kvm backend only, as the end of a sentence; `undefined` if it runs on any. */
  needsKvm?(source: Source): string | undefined;
  /** Checks the options of a policy that only this kind has. @throws SnapvmError `SNAPVM_CONFIG_VALUE` */
  check(policy: GivenPolicy): Settings;
  /**
   * Reads and checks a source. Only its option is known to be there. `signal` ends what takes long.
   * @throws SnapvmError what `engine.define` throws
   */
  prepare(source: Source, settings: Settings, signal?: AbortSignal): Promise<Prepared>;
  /** How calls of a prepared guest become bytes, and bytes become answers. */
  codec(prepared: Prepared, settings: Settings): Codec;
}

/** A kind of guest, as the engine sees it. */
export interface GuestKind extends KindFacts {
  needsKvm(source: object): string | undefined;
  check(policy: GivenPolicy): CheckedKind;
}

/** A kind with a policy that was checked. */
export interface CheckedKind {
  readonly warm: Warm;
  /** Makes a guest of a source of this kind. @throws SnapvmError what `engine.define` throws */
  prepare(source: object, signal?: AbortSignal): Promise<Guest>;
}

/** Hides the types that only the kind's own folder knows. */
export function guestKind<Source, Settings extends KindSettings, Prepared extends PreparedGuest>(
  kind: KindDescription<Source, Settings, Prepared>,
): GuestKind {
  const { option, policyOptions, defaults } = kind;
  return {
    option,
    policyOptions,
    defaults,
    needsKvm: (source) => kind.needsKvm?.(source as Source),
    check: (policy) => {
      const settings = kind.check(policy);
      return {
        warm: settings.warm ?? defaults.warm,
        prepare: async (source, signal) => {
          const prepared = await kind.prepare(source as Source, settings, signal);
          return { ...prepared, codec: kind.codec(prepared, settings) };
        },
      };
    },
  };
}
