// What a container, or an old kernel, denies: guests run all the same, or Engine.start says at once what is missing.
import {
  Application,
  BACKENDS_HERE,
  COMPILER,
  complaints,
  failures,
  ROOT,
  USER,
} from '../support/conditions.js';
import type { Found } from '../support/linux-build.js';
import { testWith } from '../support/test-with.js';

interface Case {
  readonly title: string;
  readonly conditions: readonly string[];
  readonly needs?: Found<true>;
  /** Of the process backend: how `Engine.start` refuses. None: everything works. */
  readonly refusal?: { readonly code: string; readonly says: RegExp };
}

const SECCOMP = 'seccomp profile may be the reason';

const CASES: readonly Case[] = [
  { title: "Docker's default profile and capabilities", conditions: ['docker'], needs: ROOT },
  { title: "Docker's default profile, a user", conditions: ['docker', `user=${USER}`], needs: ROOT },
  { title: 'a user namespace that has only root, and none below it', conditions: ['no-user-namespaces'] },
  { title: 'pidfd_send_signal with EPERM', conditions: ['deny=pidfd_send_signal:EPERM'] },
  { title: 'pidfd_send_signal with ENOSYS', conditions: ['deny=pidfd_send_signal:ENOSYS'] },
  { title: 'tgkill', conditions: ['deny=tgkill:EPERM'] },
  {
    title: 'both ways to stop a guest',
    conditions: ['deny=pidfd_send_signal:EPERM', 'deny=tgkill:EPERM'],
    refusal: {
      code: 'SNAPVM_HOST_PROCESS',
      says: /^stopping a guest, by pidfd_send_signal and by tgkill, failed/,
    },
  },
  {
    title: 'sched_setaffinity, clone3, userfaultfd, io_uring, setsid',
    conditions: [
      'deny=sched_setaffinity:EPERM',
      'deny=clone3:ENOSYS',
      'deny=userfaultfd:EPERM',
      'deny=io_uring_setup:EPERM',
      'deny=setsid:EPERM',
    ],
  },
  {
    title: 'ptrace',
    conditions: ['deny=ptrace:EPERM'],
    refusal: {
      code: 'SNAPVM_HOST_PROCESS',
      says: /lets no process be traced.*seccomp profile may forbid ptrace/,
    },
  },
  {
    title: 'pidfd_open',
    conditions: ['deny=pidfd_open:EPERM'],
    refusal: { code: 'SNAPVM_HOST_PROCESS', says: new RegExp(`^pidfd_open failed.*${SECCOMP}`) },
  },
  {
    title: 'memfd_create',
    conditions: ['deny=memfd_create:EPERM'],
    refusal: { code: 'SNAPVM_HOST_PROCESS', says: new RegExp(`^memfd_create failed.*${SECCOMP}`) },
  },
  {
    title: 'close_range, as before Linux 5.9',
    conditions: ['deny=close_range:ENOSYS'],
    refusal: { code: 'SNAPVM_HOST_PROCESS', says: new RegExp(`^close_range failed.*${SECCOMP}`) },
  },
  {
    title: 'execveat',
    conditions: ['deny=execveat:EPERM'],
    refusal: { code: 'SNAPVM_HOST_PROCESS', says: /does not run a program from memory/ },
  },
  {
    title: 'timer_create',
    conditions: ['deny=timer_create:ENOSYS'],
    refusal: { code: 'SNAPVM_HOST_DENIED', says: new RegExp(`^timer_create failed.*${SECCOMP}`) },
  },
];

for (const backend of BACKENDS_HERE) {
  for (const { title, conditions, needs = COMPILER, refusal } of CASES) {
    testWith(needs, `denied on ${backend}: ${title}`, async (t) => {
      const application = await Application.start({ backend, conditions });
      t.teardown(() => application.kill());
      const round = await application.round();
      t.deepEqual(complaints(round), []);
      t.is(round.children, 0);
      if (backend === 'process') {
        if (refusal === undefined) t.deepEqual(failures(round), []);
        else {
          t.deepEqual(
            round.steps.map(({ name, outcome }) => [name, outcome]),
            [['start', refusal.code]],
          );
          t.regex(round.steps[0]?.message ?? '', refusal.says);
        }
      }
      await application.end();
    });
  }
}
