// Whatever system call fails, once or from then on, and with whatever errno it can give: the error says so, nothing
// spins, hangs or is left behind, and the next one works. SNAPVM_BACKEND names one backend, as for conformance.test.ts.
import test from 'ava';
import { probeBackends } from '../../src/engine/backend.js';
import { UNDER_QEMU } from '../conformance/guest.js';
import { ensureTestBuild, runSweep } from '../support/faults-child.js';

const SCENARIOS = [
  ['probe', 'finding out what the machine has'],
  ['warm', "a guest's life in a thread that has had others"],
  ['cold', "a guest's life in a thread that has had none"],
  ['calls', 'functions of all kinds in an engine'],
  ['start', "an engine's life"],
] as const;
const ENGINES: readonly string[] = ['calls', 'start'];
const MINUTES = 60_000;

/** What the scenarios of a backend have to have failed, or they have not been where they should. */
const KINDS = {
  kvm: ['ioctl KVM_RUN', 'ioctl KVM_CREATE_VM', 'ioctl KVM_SET_USER_MEMORY_REGION', 'mmap', 'timer_settime'],
  process: ['clone', 'ptrace PTRACE_SYSEMU', 'stub', 'pidfd_open', 'sendmsg', 'mmap', 'timer_settime'],
};

const only = process.env['SNAPVM_BACKEND'] ?? '';

const backends = await probeBackends();

test.before('the test build of the addon is there', (t) => {
  t.timeout(20 * MINUTES);
  ensureTestBuild();
  t.pass();
});

for (const { backend, error } of backends) {
  if (only !== '' && only !== backend) continue;
  if (error !== undefined) {
    test.skip(`${backend}: system calls that fail (skipped: ${error.message})`, (t) => t.pass());
    continue;
  }
  const kinds = new Set<string>();
  for (const [name, what] of SCENARIOS) {
    const title = `${backend}: ${what}: whichever system call fails, it is told and done with`;
    if (UNDER_QEMU && ENGINES.includes(name)) {
      test.skip(`${title} (skipped: an emulator takes too long for engines)`, (t) => t.pass());
      continue;
    }
    test.serial(title, async (t) => {
      t.timeout(20 * MINUTES);
      const sweep = await runSweep(backend, name);
      t.log(`${sweep.tried} of ${sweep.counted} calls, ${sweep.attempts} attempts`);
      t.deepEqual(sweep.problems, []);
      t.true(sweep.tried > 0);
      for (const kind of sweep.kinds) kinds.add(kind);
    });
  }
  test.serial(`${backend}: the calls it stands on were among them`, (t) => {
    t.deepEqual(
      KINDS[backend].filter((kind) => !kinds.has(kind)),
      [],
    );
  });
}
