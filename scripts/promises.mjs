// Checks docs/security.md: every promise and every boundary names tests that exist, or says "none:" and why.
//
// A table whose last column is called "test" is checked. A test is named as a code span, `FOLDER/FILE` or
// `FOLDER/FILE: TITLE`: test/FOLDER/FILE.test.ts (or FILE.ts, a conformance area), and a part of a title in it.
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const PROJECT = fileURLToPath(new URL('..', import.meta.url));
const PAGE = 'docs/security.md';
/** The promises, the boundaries on KVM, those of the process backend, the work between two looks, the server. */
const TABLES = 5;
const NAMED_TEST = /^([\w-]+\/[\w.-]+)(?:: (.+))?$/;

/** @returns {{ line: number, test: string }[]} the last cell of each row of the tables that name tests */
function rowsWithTests(lines) {
  const rows = [];
  let tables = 0;
  let inTable = false;
  for (const [index, line] of lines.entries()) {
    const cells = line.split('|').map((cell) => cell.trim());
    const isRow = cells.length > 2 && cells[0] === '';
    if (!isRow) inTable = false;
    else if (cells.at(-2) === 'test') {
      inTable = true;
      tables++;
    } else if (!inTable)
      throw new Error(`${PAGE}: line ${index + 1} is a row of no table with a column "test"`);
    else if (!/^-+$/.test(cells.at(-2))) rows.push({ line: index + 1, test: cells.at(-2) });
  }
  if (tables !== TABLES) throw new Error(`${PAGE} has ${tables} tables with a column "test", not ${TABLES}`);
  return rows;
}

/** @returns {string[]} what is wrong with a row */
function problemsOf({ line, test }) {
  const names = [...test.matchAll(/`([^`]+)`/g)].map(([, name]) => name);
  if (names.length === 0 && !/^none: \S/.test(test))
    return [`line ${line} names no test, and does not say "none:" with a reason`];
  return names.map(problemOfName).flatMap((problem) => (problem ? [`line ${line}: ${problem}`] : []));
}

/** @returns {string | undefined} */
function problemOfName(name) {
  const [, file, title] = NAMED_TEST.exec(name) ?? [];
  if (file === undefined) return `"${name}" is not FOLDER/FILE or FOLDER/FILE: TITLE`;
  const path = [`test/${file}.test.ts`, `test/${file}.ts`].find((one) => existsSync(PROJECT + one));
  if (path === undefined) return `there is no test/${file}.test.ts and no test/${file}.ts`;
  if (title === undefined) return;
  if (!withoutComments(readFileSync(PROJECT + path, 'utf8')).includes(title))
    return `${path} has no test with "${title}" in its title`;
}

/** Titles are looked for in code only. */
function withoutComments(source) {
  return source.replace(/^\s*(\/\/|\/?\*).*$/gm, '');
}

const rows = rowsWithTests(readFileSync(PROJECT + PAGE, 'utf8').split('\n'));
const problems = rows.flatMap(problemsOf);
for (const problem of problems) console.log(`${PAGE}: ${problem}`);
if (problems.length > 0) process.exitCode = 1;
