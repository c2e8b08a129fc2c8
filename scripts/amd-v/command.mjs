// What runs in the test machine: the project's tests that touch KVM, or a command of the caller's.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Test files whose names begin so need a processor: the rest, or what the conformance cases cover, would only take longer. */
const AREAS = ['conformance.', 'faults.', 'vcpu', 'restore', 'stop', 'guest-sdk'];
const TEST_FOLDER = 'dist/test';
const AVA = 'node_modules/ava/entrypoints/cli.mjs';
// An emulated processor is ten to twenty times slower than this one, and the machine has two.
const AVA_OPTIONS = ['--tap', '--concurrency=2', '--timeout=15m'];

/** @returns {string[]} test files of the areas above, those whose path has one of `patterns` in it if there are any */
export function listTests(project, patterns) {
  const folder = join(project, TEST_FOLDER);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith('.test.js') && AREAS.some((area) => name.startsWith(area)))
    .filter((name) => patterns.length === 0 || patterns.some((pattern) => name.includes(pattern)))
    .sort()
    .map((name) => `${TEST_FOLDER}/${name}`);
}

/** @returns {string[]} the command that runs these files */
export function avaCommand(tests) {
  return [process.execPath, AVA, ...AVA_OPTIONS, ...tests];
}

/** The shell script that runs `command` in `project`, in an environment of its own. */
export function commandScript(project, command) {
  const kept = Object.entries(process.env).filter(
    ([name]) => name === 'PATH' || name === 'CI' || name.startsWith('SNAPVM_'),
  );
  // kvm_amd is what the machine is for; and its emulated processor has the kernel kill a process for an `iretq`
  // of ring 3 that a real one refuses.
  const environment = {
    SNAPVM_BACKEND: 'kvm',
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
