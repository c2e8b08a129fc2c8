// Which test files scripts/amd-v runs: a selection that matches none fails, as nothing would be tested.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import test from 'ava';
import { PROJECT } from '../support/abi-sources.js';

interface Processor {
  readonly files: readonly string[];
}

interface Command {
  readonly PROCESSORS: Readonly<Record<string, Processor>>;
  /** The compiled test files of a processor whose path has one of `patterns` in it. */
  listTests(project: string, processor: Processor, patterns: readonly string[]): string[];
  readonly UnmatchedError: new (message: string) => Error;
}

const { PROCESSORS, listTests, UnmatchedError } = (await import(
  pathToFileURL(join(PROJECT, 'scripts/amd-v/command.mjs')).href
)) as Command;

for (const [name, processor] of Object.entries(PROCESSORS)) {
  test(`${name}: each of its selections matches a test`, (t) => {
    t.true(listTests(PROJECT, processor, []).length >= processor.files.length);
  });

  test(`${name}: a filter selects some, and one that matches nothing is refused`, (t) => {
    t.deepEqual(listTests(PROJECT, processor, ['conformance.test']), [
      'dist/test/conformance/conformance.test.js',
    ]);
    t.throws(() => listTests(PROJECT, processor, ['conformance.test', 'no-such-test']), {
      instanceOf: UnmatchedError,
      message: /matches no-such-test$/,
    });
  });
}

test('a beginning that matches nothing is refused: a test file was moved', (t) => {
  t.throws(() => listTests(PROJECT, { files: ['conformance/', 'attic/'] }, []), {
    instanceOf: UnmatchedError,
    message: /begins with dist\/test\/attic\//,
  });
});

test('the command ends with a status that is not 0, and names the filter', (t) => {
  const command = [join(PROJECT, 'scripts/amd-v/run.mjs'), '--filter', 'no-such-test'];
  const { status, stderr } = spawnSync(process.execPath, command, { encoding: 'utf8' });
  t.not(status, 0);
  t.regex(stderr, /no compiled test for this processor matches no-such-test/);
});
