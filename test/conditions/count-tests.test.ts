import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';

const SCRIPT = join(import.meta.dirname, '../../../scripts/count-tests.mjs');

/** What the script prints of runs, each given as its output and its exit status, and how it ends. */
function count(...runs: [output: string, status: number][]): { lines: string[]; status: number | null } {
  const folder = mkdtempSync(join(tmpdir(), 'snapvm-count-'));
  try {
    const runArguments = runs.flatMap(([output, status], index) => {
      const file = join(folder, `run${index}.tap`);
      writeFileSync(file, output);
      return [file, String(status)];
    });
    const { stdout, status } = spawnSync(process.execPath, [SCRIPT, ...runArguments], { encoding: 'utf8' });
    return { lines: stdout.trimEnd().split('\n'), status };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const PASSED =
  'TAP version 13\nok 1 - one\nok 2 - two # SKIP\n\n1..2\n# tests 2\n# pass 1\n# skip 1\n# fail 0\n';
const FAILED = `TAP version 13
ok 1 - fine
not ok 2 - it broke
  ---
    message: the reason
  ...
#   logged by it
ok 3 - another
#   logged by another
not ok 4 - later # TODO

1..4
# tests 4
# pass 2
# fail 2
`;

test('runs are summed', (t) => {
  t.deepEqual(count([PASSED, 0], [PASSED, 0]), { lines: ['2 passed, 0 failed, 2 skipped'], status: 0 });
});

test('what failed stands before the sum, with the reason and its own log', (t) => {
  const { lines, status } = count([PASSED, 0], [FAILED, 1]);
  t.is(status, 1);
  t.deepEqual(lines, [
    'failed in run1: not ok 2 - it broke',
    '  ---',
    '    message: the reason',
    '  ...',
    '#   logged by it',
    '3 passed, 1 failed, 2 skipped',
  ]);
});

test('a run that ends without its summary, or badly though nothing failed, is one failure, and shows its end', (t) => {
  const broken = count(['ok 1 - one\nSegmentation fault', 139]);
  t.is(broken.status, 1);
  t.deepEqual(broken.lines.slice(-2), ['Segmentation fault', '1 passed, 1 failed, 0 skipped']);
  t.regex(broken.lines[0] ?? '', /status 139/);
  const bad = count([PASSED, 1]);
  t.is(bad.status, 1);
  t.regex(bad.lines[0] ?? '', /status 1/);
});

test('nothing run is a failure', (t) => {
  t.is(count().status, 1);
});
