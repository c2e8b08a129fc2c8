// What runs in the test machine: the project's tests that touch KVM, or a command of the caller's.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The processors that can be emulated, each for what it alone can show: qemu's `-cpu`, modules of the kernel, the backend
 * that guests run on, which tests. `files`: how the paths of test files begin that need a processor; the rest, or what the
 * conformance cases cover, would only take longer. `match`: titles, where not all of them are to run.
 */
export const PROCESSORS = {
  // The real kvm_amd, with protection keys.
  amd: {
    cpu: 'EPYC,+svm,+npt,+pku',
    modules: ['kvm-amd'],
    backend: 'kvm',
    files: [
      ...['conformance/', 'conditions/kernel-limits', 'api/stop-engine', 'process/stop-process'],
      ...['sandbox/restore', 'sandbox/stop', 'sandbox/vcpu', 'guests/guest-sdk', 'guests/linux-agree'],
    ],
    match: [],
  },
  // No virtualisation, but protection keys and the 32-bit door of `sysenter` for processes. Not all cases: the emulator
  // looks at a segment's descriptor with ring 3's rights, and the kernel kills a process for what it takes for its own
  // fault (`iretq`, a far return).
  intel: {
    cpu: 'Skylake-Server',
    modules: [],
    backend: 'process',
    files: ['conformance/'],
    match: ['*: entry: *', '*: restore: *', '*: last-act: *', '*sysenter*', '*int80*', '!*code of 32 bits*'],
  },
};
const TEST_FOLDER = 'dist/test';
const AVA = 'node_modules/ava/entrypoints/cli.mjs';
// An emulated processor is ten to twenty times slower than this one, and the machine has one. One file after the other
// also since kernel-limits changes settings of the whole machine, which the others would fail for.
const AVA_OPTIONS = ['--tap', '--concurrency=1', '--timeout=15m'];

/**
 * @returns {string[]} the processor's test files, those whose path has one of `patterns` in it if there are any
 * @throws {UnmatchedError} when a beginning or a pattern selects none: a file was moved, or the project is not built
 */
export function listTests(project, { files }, patterns) {
  const tests = compiledTests(project);
  const selected = tests.filter((name) => files.some((start) => name.startsWith(start)));
  for (const start of files) {
    if (!selected.some((name) => name.startsWith(start)))
      throw new UnmatchedError(
        `no compiled test begins with ${TEST_FOLDER}/${start}: npm run build, or was it moved?`,
      );
  }
  for (const pattern of patterns) {
    if (!selected.some((name) => name.includes(pattern)))
      throw new UnmatchedError(`no compiled test for this processor matches ${pattern}`);
  }
  return selected
    .filter((name) => patterns.length === 0 || patterns.some((pattern) => name.includes(pattern)))
    .map((name) => `${TEST_FOLDER}/${name}`);
}

/** A selection that matches no test. */
export class UnmatchedError extends Error {}

function compiledTests(project) {
  const folder = join(project, TEST_FOLDER);
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true })
    .filter((name) => name.endsWith('.test.js'))
    .sort();
}

/** @returns {string[]} the command that runs these files */
export function avaCommand(tests, { match }) {
  return [process.execPath, AVA, ...AVA_OPTIONS, ...match.map((title) => `--match=${title}`), ...tests];
}

/** The shell script that runs `command` in `project`, in an environment of its own. */
export function commandScript(project, { backend }, command) {
  const kept = Object.entries(process.env).filter(
    ([name]) => name === 'PATH' || name === 'CI' || name.startsWith('SNAPVM_'),
  );
  const environment = {
    SNAPVM_BACKEND: backend,
    ...Object.fromEntries(kept),
    HOME: '/tmp',
    NO_COLOR: '1',
    SNAPVM_UNDER_QEMU: '1',
  };
  const assignments = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
  return `cd ${quote(project)} && exec env -i ${[...assignments, ...command].map(quote).join(' ')}\n`;
}

function quote(word) {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
