/** What `snapvm doctor` looks at, one check a function: each says what it found, or what is wrong and how to fix it. */
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { release } from 'node:os';
import { systemError } from '../errno.js';
import { SnapvmError } from '../errors.js';
import { type NativeCapabilities, native, typed } from '../native.js';
import { loadMonitor } from '../snapshot/monitor.js';
import { exampleGuest } from './examples.js';
import { duration, rounded, thousands } from './output.js';
import { withEngine } from './session.js';

/** What a check found: words for people, data for programs. */
export interface Finding {
  readonly text: string;
  readonly data?: Readonly<Record<string, unknown>>;
}

export interface Check {
  readonly name: string;
  /** @throws CheckFailed, or anything the machine throws */
  readonly look: () => Finding | Promise<Finding>;
}

/** A machine that lacks something, and what to do about it. */
export class CheckFailed extends Error {
  readonly fix: string;

  constructor(message: string, fix: string) {
    super(message);
    this.fix = fix;
  }
}

/** In order of need: what follows a failure is not worth trying. */
export const CHECKS: readonly Check[] = [
  { name: 'platform', look: checkPlatform },
  { name: 'Node', look: checkNode },
  { name: 'addon', look: checkAddon },
  { name: 'guests', look: checkGuests },
  { name: '/dev/kvm', look: checkKvm },
  { name: 'capabilities', look: checkCapabilities },
  { name: 'call', look: checkCall },
];

const LEAST_NODE = 20;

function checkPlatform(): Finding {
  const { platform, arch } = process;
  if (platform !== 'linux' || arch !== 'x64') {
    throw new CheckFailed(
      `this is ${platform} on ${arch}`,
      'use a Linux machine with an x86-64 processor, or a virtual machine of that kind',
    );
  }
  return { text: `Linux ${release()} on x86-64`, data: { platform, arch, kernel: release() } };
}

function checkNode(): Finding {
  const { node } = process.versions;
  if (Number.parseInt(node, 10) < LEAST_NODE) {
    throw new CheckFailed(`Node ${node} is too old`, `install Node ${LEAST_NODE} or later`);
  }
  return { text: node, data: { version: node } };
}

function checkAddon(): Finding {
  native();
  return { text: 'loads' };
}

async function checkGuests(): Promise<Finding> {
  await loadMonitor();
  return { text: 'the monitor is built' };
}

const KVM_FIXES: Readonly<Record<string, string>> = {
  ENOENT:
    'turn on virtualisation in the firmware (in a VM: nested virtualisation) and load kvm_intel or kvm_amd; in a container add --device /dev/kvm',
  EACCES: 'add yourself to the group that owns it (sudo usermod -aG kvm "$USER") and log in again',
  EPERM: 'the container forbids the device: start it with --device /dev/kvm',
  ENODEV: 'load kvm_intel or kvm_amd with modprobe; virtualisation may be off in the firmware',
};

async function checkKvm(): Promise<Finding> {
  try {
    const handle = await open('/dev/kvm', constants.O_RDWR);
    await handle.close();
    return { text: 'can be opened' };
  } catch (error) {
    const { code, reason } = systemError(error);
    throw new CheckFailed(reason, KVM_FIXES[code] ?? 'look into the kernel log: sudo dmesg | grep -i kvm');
  }
}

const PORT_MODES: Readonly<Record<NativeCapabilities['portMode'], string>> = {
  0: 'TSS I/O bitmap (TR type 11)',
  1: 'TSS I/O bitmap (TR type 9)',
  2: 'IOPL 3, filtered by the host',
};

/** XCR0's state components by their bits (Intel SDM vol. 1, 13.1). */
const XCR0_FEATURES: readonly (readonly [mask: number, name: string])[] = [
  [0x1, 'x87'],
  [0x2, 'SSE'],
  [0x4, 'AVX'],
  [0x18, 'MPX'],
  [0xe0, 'AVX-512'],
  [0x200, 'PKRU'],
  [0x6_0000, 'AMX'],
];

/** struct kvm_dirty_gfn: one for each page that can be dirty before the guest has to stop. */
const DIRTY_ENTRY_BYTES = 16;

async function checkCapabilities(): Promise<Finding> {
  const monitor = await loadMonitor();
  const { portMode, ripAfterOut, dirtyRingBytes, msrFilter, fsgsbase, xcr0 } = typed(() =>
    native().capabilities(monitor),
  );
  const features = XCR0_FEATURES.filter(([mask]) => (xcr0 & mask) === mask).map(([, name]) => name);
  const lines = [
    `ports: ${PORT_MODES[portMode]}`,
    `dirty ring: ${dirtyRingBytes > 0 ? `up to ${thousands(dirtyRingBytes / DIRTY_ENTRY_BYTES)} pages` : 'none'}`,
    `MSR filter: ${yesNo(msrFilter)}`,
    `vector state: ${features.join(', ')}`,
    `FSGSBASE: ${yesNo(fsgsbase)}`,
  ];
  return {
    text: lines.join('\n'),
    data: {
      portMode: PORT_MODES[portMode],
      ripAfterOut,
      dirtyRingBytes,
      msrFilter,
      fsgsbase,
      xcr0,
      features,
    },
  };
}

/** A real call, as anyone would make it. */
async function checkCall(): Promise<Finding> {
  const word = 'hello';
  return await withEngine({ workers: 1 }, async (engine) => {
    const echo = await engine.define('echo', { elf: exampleGuest('echo.elf') });
    const started = performance.now();
    const answer = new TextDecoder().decode(await echo.call(word));
    const ms = performance.now() - started;
    if (answer !== word) {
      throw new SnapvmError('SNAPVM_INTERNAL', `echo answered ${JSON.stringify(answer)} to "${word}"`);
    }
    return {
      text: `echo answered in ${duration(ms)} (the first call of a guest makes its VM)`,
      data: { ms: rounded(ms) },
    };
  });
}

function yesNo(value: boolean): string {
  return value ? 'yes' : 'no';
}
