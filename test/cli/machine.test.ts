// Which machine it is: what `snapvm doctor` says of this one, and of others by what their /proc would say.
import { readFileSync } from 'node:fs';
import test from 'ava';
import {
  describeMachine,
  MACHINE_FILES,
  type MachineFiles,
  machineText,
  vectorFeatures,
} from '../../src/cli/machine.js';
import { probeBackends } from '../../src/engine/backend.js';
import { snapvm } from '../support/cli.js';

function filesOf(files: Readonly<Record<string, string>>, folders: readonly string[] = []): MachineFiles {
  return {
    read: (path) => files[path],
    exists: (path) => path in files || folders.includes(path),
  };
}

const INTEL = filesOf(
  {
    '/proc/cpuinfo': `processor\t: 0
vendor_id\t: GenuineIntel
cpu family\t: 6
model\t\t: 143
model name\t: Intel(R) Xeon(R) Platinum 8488C
stepping\t: 8
microcode\t: 0x2b000643
flags\t\t: fpu sep sse sse2 hypervisor avx avx512f fsgsbase pku ospke amx_bf16 amx_tile amx_int8

processor\t: 1
vendor_id\t: AuthenticAMD
`,
    '/proc/sys/kernel/osrelease': '6.18.1-generic\n',
    '/proc/self/cgroup': '0::/system.slice/docker-1.scope\n',
    '/sys/fs/cgroup/system.slice/pids.max': '200\n',
    '/sys/fs/cgroup/system.slice/pids.current': '180\n',
    '/sys/fs/cgroup/system.slice/docker-1.scope/pids.max': '100\n',
    '/sys/fs/cgroup/system.slice/docker-1.scope/pids.current': '7\n',
    '/proc/self/limits': `Limit                     Soft Limit           Hard Limit           Units
Max processes             500                  63000                processes
Max open files            1024                 1024                 files
Max locked memory         8388608              8388608              bytes
Max address space         4294967296           unlimited            bytes
`,
  },
  ['/sys/module/kvm', '/sys/module/kvm_pvm'],
);

test('a machine with AMX, PKU, and a KVM without VMX, in a container with limits', (t) => {
  const machine = describeMachine(INTEL, { kvm: 0x6_02e7, process: 0x2e7 });
  t.deepEqual(machine, {
    processor: {
      name: 'Intel(R) Xeon(R) Platinum 8488C',
      vendor: 'GenuineIntel',
      family: 6,
      model: 143,
      stepping: 8,
      microcode: '0x2b000643',
    },
    hypervisor: true,
    kernel: '6.18.1-generic',
    kvmModules: ['kvm_pvm'],
    vectors: {
      offered: ['x87', 'SSE', 'AVX', 'AVX-512', 'PKRU', 'AMX'],
      used: {
        kvm: ['x87', 'SSE', 'AVX', 'AVX-512', 'PKRU', 'AMX'],
        process: ['x87', 'SSE', 'AVX', 'AVX-512', 'PKRU'],
      },
    },
    features: { pku: true, amx: true, fsgsbase: true },
    sysenter: 'enters the kernel',
    limits: {
      tasks: 200,
      tasksUsed: 180,
      processes: 500,
      openFiles: 1024,
      addressSpace: 4_294_967_296,
      lockedMemory: 8_388_608,
    },
  });
  t.deepEqual(machineText(machine).split('\n'), [
    'Intel(R) Xeon(R) Platinum 8488C (GenuineIntel, family 6, model 143), in a virtual machine, Linux 6.18.1-generic, kvm_pvm',
    'XSAVE: x87, SSE, AVX, AVX-512, PKRU, AMX; kvm gives all; process gives x87, SSE, AVX, AVX-512, PKRU; PKU; AMX; FSGSBASE; sysenter: enters the kernel',
    'low limits: 200 tasks in its control group (180 taken), 500 processes of its user, 1,024 open files, 4,294,967,296 bytes of addresses',
  ]);
});

test('a machine with none of them, and no limits: two lines', (t) => {
  const files = filesOf(
    {
      '/proc/cpuinfo':
        'vendor_id\t: AuthenticAMD\ncpu family\t: 23\nmodel\t\t: 1\nmodel name\t: AMD EPYC 7601\nstepping\t: 2\nflags\t\t: fpu sse avx fsgsbase\n',
      '/proc/sys/kernel/osrelease': '5.11.0\n',
      '/proc/self/cgroup': '9:name=systemd:/\n8:cpu,pids:/user.slice\n',
      '/sys/fs/cgroup/pids/user.slice/pids.max': 'max\n',
      '/sys/fs/cgroup/pids/pids.max': '30000\n',
      '/proc/self/limits':
        'Max processes             unlimited            unlimited            processes\nMax open files            1048576 1048576 files\n',
    },
    ['/sys/module/kvm_amd'],
  );
  const machine = describeMachine(files, {});
  t.like(machine, {
    hypervisor: false,
    kvmModules: ['kvm_amd'],
    features: { pku: false, amx: false, fsgsbase: true },
    limits: { tasks: 30_000, tasksUsed: null, processes: null, openFiles: 1_048_576, addressSpace: null },
  });
  t.is(
    machineText(machine),
    'AMD EPYC 7601 (AuthenticAMD, family 23, model 1), Linux 5.11.0, kvm_amd\n' +
      'XSAVE: x87, SSE, AVX; no PKU; no AMX; FSGSBASE; sysenter: #UD',
  );
});

test('a machine that tells nothing', (t) => {
  t.is(
    machineText(describeMachine(filesOf({}), {})),
    'unknown (unknown, family ?, model ?), Linux unknown, no KVM module\n' +
      'XSAVE: none known; no PKU; no AMX; no FSGSBASE; sysenter: unknown',
  );
});

test('doctor says which machine this is, as /proc and the addon have it', async (t) => {
  const { stdout } = await snapvm(['doctor', '--json']);
  const { checks } = JSON.parse(stdout.toString()) as {
    checks: { name: string; data?: unknown; text: string }[];
  };
  const found = checks.find(({ name }) => name === 'machine');
  const backends = await probeBackends();
  const used = backends.flatMap(({ backend, capabilities }) =>
    capabilities === undefined ? [] : [[backend, vectorFeatures(capabilities.xcr0)]],
  );
  const cpuinfo = readFileSync('/proc/cpuinfo', 'utf8');
  const [, vendor] = /^vendor_id\s*: (.*)$/m.exec(cpuinfo) ?? [];
  const [, model] = /^model\s*: (\d+)$/m.exec(cpuinfo) ?? [];
  t.like(found?.data, {
    processor: { vendor, model: Number(model) },
    kernel: readFileSync('/proc/sys/kernel/osrelease', 'utf8').trim(),
    vectors: { used: Object.fromEntries(used) },
  });
  t.deepEqual(
    Object.keys(found?.data ?? {}),
    Object.keys(describeMachine(MACHINE_FILES, {})),
    'the same things on every machine',
  );
  t.true((found?.text.split('\n').length ?? 0) <= 3);
});
