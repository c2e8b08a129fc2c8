// What the host does in a system call between two looks at whether the program must stop: docs/security.md has the
// table, and this counts, against a memory that counts (test/support/linux-bounds.cpp).
import { spawnSync } from 'node:child_process';
import { boundsProgram } from '../support/linux-build.js';
import { testWith } from '../support/test-with.js';

const KIB = 1024;
/** From so many bytes on the host looks, and what it does at once is a piece at most. */
const LOOK = 256 * KIB;
const PIECE = 64 * KIB;
/** Of one sendfile: it is read, then written. */
const MOST_SENT = 1024 * KIB;
const AREAS = 65_530;
const AREA_BYTES = 24;
const NAMES = 131_072;
const [ENOSPC, DONE] = [-28, 0];

interface Report {
  readonly case: string;
  readonly stopped: boolean;
  readonly looks: number;
  readonly work: number;
  readonly copied: number;
  readonly pages: number;
  readonly allocations: number;
  readonly freed: number;
}
type Bounds = Pick<Report, 'looks' | 'work' | 'copied' | 'pages' | 'allocations' | 'freed'>;

/** Of most rows; `looks`: so many at least, or the case is too short to show anything. */
const USUAL: Bounds = {
  looks: 100,
  work: LOOK + PIECE,
  copied: LOOK + PIECE,
  pages: 0,
  allocations: 64,
  freed: LOOK + PIECE,
};
/** Each page takes a few steps: looked up, taken from its place, zeroed, put to another. */
const PAGES = { ...USUAL, pages: 4 * 64 + 16 };
const NAME_COPY = { ...USUAL, looks: 50, allocations: 3 * (LOOK / 128) };
const LIST = { ...USUAL, looks: 1, allocations: 2 * (LOOK / 64) };

/** The rows of the table, in its order. */
const ROWS: readonly (readonly [cases: readonly string[], bounds: Bounds])[] = [
  [['getrandom', 'read zeros', 'read random', 'read', 'pread', 'readv'], USUAL],
  [['write', 'pwrite', 'writev', 'output'], USUAL],
  [['pipes'], { ...USUAL, looks: 2 }],
  [['grow', 'grow by copying', 'copy what was given'], USUAL],
  [['shrink', 'empty by opening', 'unlink', 'close an unlinked file', 'rename over a file'], USUAL],
  [['sendfile'], { ...USUAL, looks: 2, work: LOOK + MOST_SENT, freed: MOST_SENT }],
  [['mmap', 'mmap of a file', 'mmap over mappings', 'munmap', 'munmap of the image'], PAGES],
  [['mprotect', 'mremap', 'madvise', 'brk'], PAGES],
  [['calls with many areas'], { ...PAGES, looks: 8, work: LOOK + AREAS * AREA_BYTES }],
  [
    ['wipe many areas', 'wipe every second page'],
    { ...PAGES, allocations: 1024, work: LOOK + AREAS * AREA_BYTES },
  ],
  [['getcwd', 'getcwd past many names', 'readlink of a descriptor', 'rename far down'], LIST],
  [
    ['create', 'mkdir', 'unlink', 'rmdir', 'rename', 'link', 'symlink'].map(
      (name) => `${name} among many names`,
    ),
    NAME_COPY,
  ],
  [['chmod of many names', 'utimensat of many names'], NAME_COPY],
  [['paths'], LIST],
  [['poll', 'small pieces'], { ...USUAL, looks: 2 }],
  [['select'], { ...USUAL, looks: 2, work: LOOK + 3 * PIECE }],
  [['getdents'], { ...USUAL, looks: 8 }],
];

const PROGRAM = boundsProgram();

testWith(PROGRAM, 'no system call does more between two looks than the table says', (t, build) => {
  t.timeout(300_000);
  const run = spawnSync(build(), { encoding: 'utf8', maxBuffer: 1 << 24 });
  t.is(run.status, 0, run.stderr);
  const lines = run.stdout.trim().split('\n');
  const reports = lines
    .filter((line) => line.startsWith('{"case"'))
    .map((line) => JSON.parse(line) as Report);
  const expected = ROWS.flatMap(([cases]) => cases);
  t.deepEqual([...new Set(reports.map((report) => report.case))].sort(), [...expected].sort());
  t.is(reports.length, 2 * expected.length);
  for (const [cases, bounds] of ROWS) {
    for (const report of reports.filter((one) => cases.includes(one.case))) {
      const line = JSON.stringify(report);
      // One that is stopped ends at its first look.
      if (report.stopped) t.is(report.looks, 1, line);
      else t.true(report.looks >= bounds.looks, line);
      for (const kind of ['work', 'copied', 'pages', 'allocations', 'freed'] as const)
        t.true(report[kind] <= bounds[kind], `${kind} over ${bounds[kind]}: ${line}`);
    }
  }
  t.deepEqual(JSON.parse(lines.at(-1) ?? ''), { names: NAMES, errors: [ENOSPC, ENOSPC, ENOSPC, DONE] });
});
