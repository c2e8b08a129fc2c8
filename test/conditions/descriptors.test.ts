// Each count of descriptors that may be left: what is short is the machine's, and never told as a fault of the user's.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BACKENDS_HERE, COMPILER } from '../support/conditions.js';
import { conditionProgram, type Found } from '../support/linux-build.js';
import { testWith } from '../support/test-with.js';

const PRLIMIT: Found<true> =
  spawnSync('prlimit', ['--version']).status === 0
    ? COMPILER
    : { missing: 'needs prlimit (Debian: util-linux)' };
const CHILD = fileURLToPath(new URL('../support/descriptors-child.js', import.meta.url));
/** More than any step needs at once: the first is to go well. */
const MOST = 24;
const STEPS = ['native', 'files', 'packages', 'store'];

interface Outcome {
  readonly name: string;
  readonly left: number;
  readonly code: string;
  readonly message: string;
}

for (const backend of BACKENDS_HERE) {
  testWith(PRLIMIT, `descriptors on ${backend}: from enough to none, everything that opens files`, (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'snapvm-descriptors-'));
    t.teardown(() => rmSync(folder, { recursive: true }));
    const files = join(folder, 'files');
    mkdirSync(files);
    writeFileSync(join(files, 'file'), 'text');
    const args = [CHILD, `${MOST}`, conditionProgram(), files, join(folder, 'stores')];
    const child = spawnSync('prlimit', ['--nofile=200', process.execPath, ...args], {
      encoding: 'utf8',
      env: { ...process.env, SNAPVM_BACKEND: backend },
      timeout: 300_000,
    });
    t.is(child.status, 0, child.stderr);
    const outcomes = child.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Outcome);
    t.is(outcomes.length, (MOST + 1) * STEPS.length);
    for (const { name, left, code, message } of outcomes) {
      const title = `${name} with ${left} left: ${message}`;
      if (code === 'ok') continue;
      t.is(code, 'SNAPVM_HOST_MEMORY', title);
      t.regex(message, /ulimit -n/, title);
    }
    for (const step of STEPS) {
      const codes = outcomes.filter(({ name }) => name === step).map(({ code }) => code);
      t.deepEqual([codes[0] === 'ok', codes.at(-1) === 'ok'], [true, false], step);
    }
  });
}
