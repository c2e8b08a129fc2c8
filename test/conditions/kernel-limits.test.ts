// Limits that hold for all of a kernel, on one that is thrown away afterwards: npm run test:amd-v. Each is put back.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { ExecutionContext } from 'ava';
import { Application, complaints, failures, ROOT, type Round, USER } from '../support/conditions.js';
import type { Found } from '../support/linux-build.js';
import { UNDER_QEMU } from '../support/sandbox.js';
import { testWith } from '../support/test-with.js';

const BRIEF = { brief: true } as const;
const SPARE_MAPPINGS = 10;

function mappings(pid: number): number {
  return readFileSync(`/proc/${pid}/maps`, 'utf8').split('\n').length;
}

/** Whether a setting may be changed here. */
function setting(path: string): Found<string> {
  if (!UNDER_QEMU) return { missing: 'it holds for the whole kernel, so only under npm run test:amd-v' };
  if ('missing' in ROOT) return ROOT;
  return existsSync(path) ? { value: path } : { missing: `this kernel has no ${path}` };
}

/** Sets it for as long as the work takes. */
async function during<T>(path: string, value: number, work: () => Promise<T>): Promise<T> {
  const before = readFileSync(path, 'utf8');
  writeFileSync(path, String(value));
  try {
    return await work();
  } finally {
    writeFileSync(path, before);
  }
}

async function start(t: ExecutionContext, conditions: readonly string[] = []): Promise<Application> {
  const application = await Application.start({ backend: 'process', conditions });
  t.teardown(() => application.kill());
  return application;
}

function isRefused(t: ExecutionContext, round: Round): void {
  t.deepEqual(complaints(round), []);
  t.deepEqual(
    round.steps.map(({ name, outcome }) => [name, outcome]),
    [['start', 'SNAPVM_HOST_PROCESS']],
  );
  t.regex(round.steps[0]?.message ?? '', /kernel\.yama\.ptrace_scope/);
}

function isShort(t: ExecutionContext, round: Round): void {
  t.deepEqual(complaints(round), []);
  const failed = round.steps.filter(({ outcome }) => outcome !== 'ok');
  t.true(failed.length > 0);
  for (const { name, outcome, message } of failed) {
    t.is(outcome, 'SNAPVM_HOST_MEMORY', `${name}: ${message}`);
    t.regex(message, /failed: .*; (?:free|raise)|there is no memory left|address space cannot be had/, name);
  }
}

testWith(setting('/proc/sys/vm/max_map_count'), 'few mappings (vm.max_map_count)', async (t, path) => {
  let application = await start(t);
  // V8 ends a process whose heap cannot grow, so it has grown before.
  t.deepEqual(failures(await application.round()), []);
  const before = Number(readFileSync(path, 'utf8'));
  const under = await during(path, before, () =>
    application
      .round({ pauses: ['call'] }, (_at, pid) => writeFileSync(path, String(mappings(pid) + SPARE_MAPPINGS)))
      .catch((error: Error) => error),
  );
  if (under instanceof Error) {
    // The heaps of the new engine's threads have not: whether they or the guests need mappings first is luck.
    t.regex(under.message, /FATAL ERROR: .*JavaScript heap out of memory/);
    t.log('V8 found no room for a heap, and ended the process (docs/backends.md)');
    application = await start(t);
  } else isShort(t, under);
  t.deepEqual(failures(await application.round(BRIEF)), []);
  await application.end();
});

testWith(
  setting('/proc/sys/vm/overcommit_memory'),
  'no memory beyond what there is (vm.overcommit_memory=2)',
  async (t, path) => {
    const application = await start(t);
    const round = await during(path, 2, () => application.round(BRIEF));
    t.deepEqual(complaints(round), []);
    for (const { name, outcome, message } of round.steps)
      t.true(['ok', 'SNAPVM_HOST_MEMORY'].includes(outcome), `${name}: ${outcome} ${message}`);
    t.deepEqual(failures(await application.round(BRIEF)), []);
    await application.end();
  },
);

const YAMA = setting('/proc/sys/kernel/yama/ptrace_scope');

testWith(YAMA, 'who may trace: administrators (kernel.yama.ptrace_scope=2)', async (t, path) => {
  const application = await start(t, [`user=${USER}`]);
  isRefused(t, await during(path, 2, () => application.round(BRIEF)));
  t.deepEqual(failures(await application.round(BRIEF)), []);
  await application.end();
});

// The last: no way leads back from it but a restart.
testWith(YAMA, 'who may trace: nobody (kernel.yama.ptrace_scope=3)', async (t, path) => {
  const application = await start(t);
  writeFileSync(path, '3');
  isRefused(t, await application.round(BRIEF));
  await application.end();
});
