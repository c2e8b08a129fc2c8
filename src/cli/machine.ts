/**
 * Describes the machine, as far as snapvm can behave differently on it. A report is worth little without
 * that.
 */
import { existsSync, readFileSync } from 'node:fs';
import type { Backend } from '../base/backend-name.js';
import { thousands } from './output.js';

/** The files in which a machine says what it is. */
export interface MachineFiles {
  /** Undefined when there is no such file, or it may not be read. */
  read(path: string): string | undefined;
  exists(path: string): boolean;
}

/** The files of the machine that this runs on. */
export const MACHINE_FILES: MachineFiles = {
  read: (path) => {
    try {
      return readFileSync(path, 'utf8');
    } catch {
      return undefined;
    }
  },
  exists: existsSync,
};

/** A machine, as `snapvm doctor --json` shows it. Limits are of this process; null: there is none, or none is told. */
export interface Machine {
  readonly processor: {
    readonly name: string;
    readonly vendor: string;
    readonly family: number | null;
    readonly model: number | null;
    readonly stepping: number | null;
    readonly microcode: string;
  };
  /** Whether the processor says that it is a virtual one. */
  readonly hypervisor: boolean;
  readonly kernel: string;
  readonly kvmModules: readonly string[];
  /** State components that XSAVE keeps. */
  readonly vectors: {
    readonly offered: readonly string[];
    readonly used: Readonly<Partial<Record<Backend, readonly string[]>>>;
  };
  readonly features: { readonly pku: boolean; readonly amx: boolean; readonly fsgsbase: boolean };
  /** What the instruction does in a 64-bit program without KVM. */
  readonly sysenter: 'enters the kernel' | '#UD' | 'unknown';
  readonly limits: Readonly<Record<LimitName, number | null>>;
}

type LimitName = 'tasks' | 'tasksUsed' | 'processes' | 'openFiles' | 'addressSpace' | 'lockedMemory';

/** XCR0's state components: bits (Intel SDM vol. 1, 13.1), and the flag in /proc/cpuinfo. */
const COMPONENTS: readonly (readonly [mask: number, name: string, flag: string])[] = [
  [0x1, 'x87', 'fpu'],
  [0x2, 'SSE', 'sse'],
  [0x4, 'AVX', 'avx'],
  [0x18, 'MPX', 'mpx'],
  [0xe0, 'AVX-512', 'avx512f'],
  [0x200, 'PKRU', 'pku'],
  [0x6_0000, 'AMX', 'amx_tile'],
  [0x8_0000, 'APX', 'apx'],
];

export function vectorFeatures(xcr0: number): string[] {
  return COMPONENTS.filter(([mask]) => (xcr0 & mask) === mask).map(([, name]) => name);
}

const KVM_MODULES = ['kvm_intel', 'kvm_amd', 'kvm_pvm'];
/** In 64-bit mode AMD's processors do not know it (APM vol. 3, SYSENTER). */
const SYSENTER: Readonly<Record<string, Machine['sysenter']>> = {
  AuthenticAMD: '#UD',
  HygonGenuine: '#UD',
  GenuineIntel: 'enters the kernel',
  CentaurHauls: 'enters the kernel',
  '  Shanghai  ': 'enters the kernel',
};

/** @param xcr0 What each backend that can be used gives its guests. */
export function describeMachine(
  files: MachineFiles,
  xcr0: Readonly<Partial<Record<Backend, number>>>,
): Machine {
  const cpuinfo = files.read('/proc/cpuinfo') ?? '';
  const field = (name: string): string =>
    new RegExp(`^${name}\\t*: (.*)$`, 'm').exec(cpuinfo)?.[1] ?? 'unknown';
  const number = (name: string): number | null => numberOf(field(name));
  const flags = new Set(field('flags').split(' '));
  const used = Object.entries(xcr0).map(([backend, value]) => [backend, vectorFeatures(value)]);
  return {
    processor: {
      name: field('model name'),
      vendor: field('vendor_id'),
      family: number('cpu family'),
      model: number('model'),
      stepping: number('stepping'),
      microcode: field('microcode'),
    },
    hypervisor: flags.has('hypervisor'),
    kernel: files.read('/proc/sys/kernel/osrelease')?.trim() ?? 'unknown',
    kvmModules: KVM_MODULES.filter((name) => files.exists(`/sys/module/${name}`)),
    vectors: {
      offered: COMPONENTS.filter(([, , flag]) => flags.has(flag)).map(([, name]) => name),
      used: Object.fromEntries(used),
    },
    features: { pku: flags.has('pku'), amx: flags.has('amx_tile'), fsgsbase: flags.has('fsgsbase') },
    sysenter: SYSENTER[field('vendor_id')] ?? 'unknown',
    limits: { ...tasksOf(files), ...resourcesOf(files) },
  };
}

function numberOf(text: string): number | null {
  return /^\d+$/.test(text) ? Number(text) : null;
}

function resourcesOf(files: MachineFiles): Omit<Machine['limits'], 'tasks' | 'tasksUsed'> {
  const limits = files.read('/proc/self/limits') ?? '';
  const soft = (name: string): number | null =>
    numberOf(new RegExp(`^${name} +(\\S+)`, 'm').exec(limits)?.[1] ?? '');
  return {
    processes: soft('Max processes'),
    openFiles: soft('Max open files'),
    addressSpace: soft('Max address space'),
    lockedMemory: soft('Max locked memory'),
  };
}

/** The control group, or one around it, that lets in the fewest more tasks. */
function tasksOf(files: MachineFiles): Pick<Machine['limits'], 'tasks' | 'tasksUsed'> {
  const found = pidsFolders(files.read('/proc/self/cgroup') ?? '').flatMap((folder) => {
    const tasks = numberOf(files.read(`${folder}/pids.max`)?.trim() ?? '');
    const tasksUsed = numberOf(files.read(`${folder}/pids.current`)?.trim() ?? '');
    return tasks === null ? [] : [{ tasks, tasksUsed }];
  });
  const room = (one: (typeof found)[number]): number => one.tasks - (one.tasksUsed ?? 0);
  return found.sort((a, b) => room(a) - room(b))[0] ?? { tasks: null, tasksUsed: null };
}

/** Where the limits of control groups stand: version 1 has a tree for them, version 2 one for all. */
function pidsFolders(cgroup: string): string[] {
  const roots: readonly (readonly [line: RegExp, mount: string])[] = [
    [/^\d+:(?:\S+,)?pids(?:,\S+)?:(\/.*)$/m, '/sys/fs/cgroup/pids'],
    [/^0::(\/.*)$/m, '/sys/fs/cgroup'],
  ];
  return roots.flatMap(([line, mount]) => {
    const path = line.exec(cgroup)?.[1];
    if (path === undefined) return [];
    const parts = path.split('/').filter((part) => part !== '');
    // In a container the path may be the host's, and its own group is the mount itself.
    return Array.from({ length: parts.length + 1 }, (_, length) =>
      [mount, ...parts.slice(0, length)].join('/'),
    );
  });
}

/** Below these a limit is worth a word: guests are tasks, memory and descriptors of this process or its children. */
const LOW: readonly (readonly [name: LimitName, below: number, unit: string])[] = [
  ['tasks', 1000, 'tasks in its control group'],
  ['processes', 1000, 'processes of its user'],
  ['openFiles', 4096, 'open files'],
  ['addressSpace', Number.POSITIVE_INFINITY, 'bytes of addresses'],
  ['lockedMemory', 64 << 10, 'bytes of locked memory'],
];

/** The machine in two lines, with a third when something is scarce. */
export function machineText(machine: Machine): string {
  const { processor, hypervisor, kernel, kvmModules, vectors, features, sysenter, limits } = machine;
  const { name, vendor, family, model } = processor;
  const what = [
    `${name} (${vendor}, family ${family ?? '?'}, model ${model ?? '?'})`,
    ...(hypervisor ? ['in a virtual machine'] : []),
    `Linux ${kernel}`,
    kvmModules.length > 0 ? kvmModules.join(', ') : 'no KVM module',
  ];
  const offered = vectors.offered.join(', ') || 'none known';
  const used = Object.entries(vectors.used).map(([backend, names]) => {
    const given = names.join(', ');
    return `${backend} gives ${given === offered ? 'all' : given}`;
  });
  const has = (name: string, present: boolean): string => `${present ? '' : 'no '}${name}`;
  const state = [
    `XSAVE: ${[offered, ...used].join('; ')}`,
    has('PKU', features.pku),
    has('AMX', features.amx),
    has('FSGSBASE', features.fsgsbase),
    `sysenter: ${sysenter}`,
  ];
  const scarce = LOW.flatMap(([name, below, unit]) => {
    const limit = limits[name];
    if (limit === null || limit >= below) return [];
    const taken =
      name === 'tasks' && limits.tasksUsed !== null ? ` (${thousands(limits.tasksUsed)} taken)` : '';
    return [`${thousands(limit)} ${unit}${taken}`];
  });
  const limited = scarce.length > 0 ? [`low limits: ${scarce.join(', ')}`] : [];
  return [what.join(', '), state.join('; '), ...limited].join('\n');
}
