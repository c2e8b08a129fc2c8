/** What `snapvm doctor` finds out about the backends: whether each can be used, how to make it so, and a real call. */
import { constants } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { type AddonCapabilities, type AddonProcessCapabilities, addon, typed } from '../addon/addon.js';
import type { Backend } from '../base/backend-name.js';
import { systemError } from '../base/errno.js';
import { SnapvmError } from '../base/errors.js';
import { loadMonitor } from '../snapshot/monitor.js';
import { CheckFailed, type Finding } from './doctor-checks.js';
import { exampleGuest } from './examples.js';
import { reportOf } from './failure.js';
import { vectorFeatures } from './machine.js';
import { duration, rounded, thousands } from './output.js';
import { withEngine } from './session.js';

/** What each can be used for. @throws CheckFailed when it cannot be used */
export const BACKEND_CHECKS: Readonly<Record<Backend, () => Promise<Finding>>> = {
  kvm: checkKvm,
  process: checkProcess,
};

/**
 * A real call on each, as anyone would make it. One that fails is a failure even if others work: a backend that can be
 * used, but does not work, is broken.
 * @throws CheckFailed
 */
export async function checkCalls(backends: readonly Backend[]): Promise<Finding> {
  const lines: string[] = [];
  const data: Partial<Record<Backend, { readonly ms: number }>> = {};
  for (const backend of backends) {
    const ms = await timeCall(backend);
    lines.push(
      `on ${backend}: echo answered in ${duration(ms)} (the first call of a guest ${MAKES[backend]})`,
    );
    data[backend] = { ms: rounded(ms) };
  }
  return { text: lines.join('\n'), data };
}

const MAKES: Readonly<Record<Backend, string>> = { kvm: 'makes its VM', process: 'makes its process' };

async function timeCall(backend: Backend): Promise<number> {
  try {
    return await withEngine({ backend, workers: 1 }, async (engine) => {
      const word = 'hello';
      const echo = await engine.define('echo', { elf: exampleGuest('echo.elf') });
      const started = performance.now();
      const answer = new TextDecoder().decode(await echo.call(word));
      const ms = performance.now() - started;
      if (answer === word) return ms;
      throw new SnapvmError('SNAPVM_INTERNAL', `echo answered ${JSON.stringify(answer)} to "${word}"`);
    });
  } catch (error) {
    throw unfit(error, 'report it, with what "snapvm doctor --conformance" prints', `on ${backend}: `);
  }
}

/** The errors of snapvm say what is wrong. */
function unfit(cause: unknown, fix: string, where = ''): CheckFailed {
  const { code, message } = reportOf(cause);
  return new CheckFailed(`${where}${code}: ${message}`, fix, { cause });
}

// ---- KVM ----

const DEVICE = '/dev/kvm';

const DEVICE_FIXES: Readonly<Record<string, string>> = {
  ENOENT:
    'turn on virtualisation in the firmware (in a VM: nested virtualisation) and load kvm_intel or kvm_amd; in a container add --device /dev/kvm',
  EACCES: 'add yourself to the group that owns it (sudo usermod -aG kvm "$USER") and log in again',
  EPERM: 'the container forbids the device: start it with --device /dev/kvm',
  ENODEV: 'load kvm_intel or kvm_amd with modprobe; virtualisation may be off in the firmware',
};

async function checkKvm(): Promise<Finding> {
  await openDevice();
  const { text, data } = await describeKvm();
  return { text: `${DEVICE} can be opened\n${text}`, ...(data && { data }) };
}

async function openDevice(): Promise<void> {
  try {
    const handle = await open(DEVICE, constants.O_RDWR);
    await handle.close();
  } catch (error) {
    const { code, reason } = systemError(error);
    const fix = DEVICE_FIXES[code] ?? 'look into the kernel log: sudo dmesg | grep -i kvm';
    throw new CheckFailed(`${DEVICE}: ${reason}`, fix, { cause: error });
  }
}

const PORT_MODES: Readonly<Record<AddonCapabilities['portMode'], string>> = {
  0: 'TSS I/O bitmap (TR type 11)',
  1: 'TSS I/O bitmap (TR type 9)',
  2: 'IOPL 3, filtered by the host',
};

/** struct kvm_dirty_gfn: one for each page that can be dirty before the guest has to stop. */
const DIRTY_ENTRY_BYTES = 16;

async function describeKvm(): Promise<Finding> {
  const { portMode, ripAfterOut, dirtyRingBytes, msrFilter, fsgsbase, xcr0 } = await probeKvm();
  const features = vectorFeatures(xcr0);
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

async function probeKvm(): Promise<AddonCapabilities> {
  const monitor = await loadMonitor();
  try {
    return typed(() => addon().capabilities(monitor));
  } catch (error) {
    throw unfit(
      error,
      'use a kernel from 5.11 on, on a processor (or a VM) whose KVM has what the message names',
    );
  }
}

// ---- processes ----

async function checkProcess(): Promise<Finding> {
  const capabilities = await probeProcesses();
  const { userNamespace, namespaces, xcr0 } = capabilities;
  const user = userOfGuests(capabilities);
  const features = vectorFeatures(xcr0);
  const lines = [
    `user namespace of its own: ${userNamespace ? 'yes' : 'no'}`,
    `other namespaces of its own: ${namespaces ? 'PIDs, network, mounts, IPC, host name, control groups' : 'none'}`,
    `user: ${user}`,
    `vector state: ${features.join(', ')}`,
  ];
  return { text: lines.join('\n'), data: { userNamespace, namespaces, user, xcr0, features } };
}

async function probeProcesses(): Promise<AddonProcessCapabilities> {
  try {
    return typed(() => addon().processCapabilities());
  } catch (error) {
    throw unfit(error, await processFix());
  }
}

/** The first of several possible causes that this system has. */
async function processFix(): Promise<string> {
  if ((await setting('/proc/sys/kernel/yama/ptrace_scope')) > 1)
    return 'let a process trace those it makes: set kernel.yama.ptrace_scope to 1 (from 3, only a restart leads back)';
  if ((await setting('/proc/sys/vm/memfd_noexec')) > 1)
    return 'let programs run from memory: sudo sysctl vm.memfd_noexec=1';
  if (/^Seccomp:\s*2$/m.test(await statusOfProcess()))
    return 'a seccomp profile is on, and may forbid it: start the container with one that allows ptrace and execveat (docker run --security-opt seccomp=unconfined)';
  return 'the system must allow ptrace of own processes (kernel.yama.ptrace_scope 0 or 1, seccomp profile of a container) and programs in memory (vm.memfd_noexec 0 or 1)';
}

/** A setting of the kernel, as a number; 0 where the kernel has no such setting. */
async function setting(path: string): Promise<number> {
  return Number.parseInt(await readFile(path, 'utf8').catch(() => '0'), 10);
}

async function statusOfProcess(): Promise<string> {
  return await readFile('/proc/self/status', 'utf8').catch(() => '');
}

/** The user that guests run as, seen from outside. */
function userOfGuests({ userNamespace, nobody }: AddonProcessCapabilities): string {
  const user = process.geteuid?.();
  if (nobody) return 'nobody (65534)';
  if (userNamespace) return `${user}, without rights in its own user namespace`;
  return user === 0 ? 'root, without capabilities' : `${user}, as snapvm itself`;
}

// ---- both ----

function yesNo(value: boolean): string {
  return value ? 'yes' : 'no';
}
