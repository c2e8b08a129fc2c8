/** Builds for tests: with a fixed monitor, so that expectations do not change when the monitor's code does. */
import type { BuildInternals } from '../../src/snapshot/build.js';
import type { GuestEnvironment, SnapshotConfig } from '../../src/snapshot/environment.js';
import { buildSnapshot, type Snapshot } from '../../src/snapshot/snapshot.js';
import { filled, makeElf, PF } from './elf-builder.js';

export const TEST_MONITOR: Uint8Array = filled(0x3000, 9);

export function buildTest(
  environment: GuestEnvironment,
  config?: SnapshotConfig,
  internals?: BuildInternals,
): Promise<Snapshot> {
  return buildSnapshot(environment, config, { monitor: TEST_MONITOR, ...internals });
}

export const KHB = 0xffff_ffff_8000_0000n;
export const PAGE = 0x1000;

/** Code, constants, then data that starts inside a page and ends in zeros a page further. */
export function smallElf(type: 'exec' | 'dyn', base: bigint): Uint8Array {
  return makeElf({
    type: type === 'exec' ? 2 : 3,
    entry: base + 0x10n,
    segments: [
      { vaddr: base, flags: PF.rx, data: filled(0x1800, 1) },
      { vaddr: base + 0x2000n, flags: PF.r, data: filled(0x10, 2) },
      { vaddr: base + 0x4010n, flags: PF.rw, data: filled(0x20, 3), memsz: 0x1000n },
    ],
  });
}

export const USER_EXEC: Uint8Array = smallElf('exec', 0x40_0000n);
export const DYN: Uint8Array = smallElf('dyn', 0n);
export const SUPERVISOR_EXEC: Uint8Array = smallElf('exec', KHB);

export function hashedEnvironments(): GuestEnvironment[] {
  return [
    { elf: USER_EXEC },
    { elf: DYN, initData: filled(0x1801, 4) },
    { elf: SUPERVISOR_EXEC, privilege: 'supervisor' },
  ];
}
