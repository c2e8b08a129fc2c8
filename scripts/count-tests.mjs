// Sums what `ava --tap` says of several runs into one line: N passed, N failed, N skipped.
//   node scripts/count-tests.mjs FILE EXIT_STATUS [FILE EXIT_STATUS]…
// What failed stands before it once more, since the output of all runs is long. Exits 1 if anything failed or no test ran.
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';

// A test's own log lines are indented or begin with "#   "; these stand at the start of a line.
const TODO = /^not ok \d+ - .* # TODO$/gm;
const SKIPPED = /^ok \d+ - .* # SKIP$/gm;
const OK = /^ok \d+ - /gm;
const NOT_OK = /^not ok \d+ - /gm;
const FOOTER = /^1\.\.\d+\n# tests \d+\n# pass (?<pass>\d+)\n(?:# skip (?<skip>\d+)\n)?# fail (?<fail>\d+)$/m;

const LINES_OF_A_FAILURE = 30;
const FAILURES_OF_A_RUN = 10;
const OF_ANOTHER_TEST = /^(?:(?:not )?ok \d+ - |1\.\.\d+$|# (?! {2}))/;

function occurrences(text, pattern) {
  return text.match(pattern)?.length ?? 0;
}

/** ava's footer counts a test.todo as failed; whoever reads our line would look for a failure that is none. */
function countFinished({ pass, skip = '0', fail }, todo) {
  return { passed: Number(pass), failed: Number(fail) - todo, skipped: Number(skip) + todo };
}

/** Without its footer ava did not end properly (in ava 7 a time-out does that): the lines so far, and one failure. */
function countUnfinished(text, todo) {
  const skipped = occurrences(text, SKIPPED);
  return {
    passed: occurrences(text, OK) - skipped,
    failed: occurrences(text, NOT_OK) - todo + 1,
    skipped: skipped + todo,
  };
}

/** A failed test's title with what ava says of it and what it logged: the lines up to the next test's. */
function failures(text) {
  const blocks = [];
  let block;
  for (const line of text.split('\n')) {
    if (line.startsWith('not ok ') && !line.endsWith(' # TODO')) {
      block = [line];
      blocks.push(block);
    } else if (OF_ANOTHER_TEST.test(line)) {
      block = undefined;
    } else if (block && block.length < LINES_OF_A_FAILURE) {
      block.push(line);
    }
  }
  return blocks;
}

/** A run that ended without ava's footer, or badly though no test failed, shows how it ended. */
function showRun(file, status, text, counts) {
  const name = basename(file, '.tap');
  const blocks = failures(text);
  for (const block of blocks.slice(0, FAILURES_OF_A_RUN))
    console.log(`failed in ${name}: ${block.join('\n')}`);
  if (blocks.length > FAILURES_OF_A_RUN) {
    console.log(`failed in ${name}: and ${blocks.length - FAILURES_OF_A_RUN} more`);
  }
  if (counts.failed > blocks.length) {
    const end = text.trimEnd().split('\n').slice(-LINES_OF_A_FAILURE).join('\n');
    console.log(`failed in ${name}: it ended with status ${status}, and its last lines are\n${end}`);
  }
}

function countRun(file, status) {
  const text = readFileSync(file, 'utf8').replaceAll('\r\n', '\n');
  const counts = countText(text, status);
  if (counts.failed > 0) showRun(file, status, text, counts);
  return counts;
}

function countText(text, status) {
  const todo = occurrences(text, TODO);
  const footer = FOOTER.exec(text);
  const counts = footer ? countFinished(footer.groups, todo) : countUnfinished(text, todo);
  if (status !== 0 && counts.failed === 0) return { ...counts, failed: 1 };
  return counts;
}

const total = { passed: 0, failed: 0, skipped: 0 };
for (let i = 2; i < process.argv.length; i += 2) {
  const counts = countRun(process.argv[i], Number(process.argv[i + 1]));
  for (const key of Object.keys(total)) total[key] += counts[key];
}
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0;
