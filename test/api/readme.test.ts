// README's example is what the code does: it is run, and its output compared with what its comments say.
import { execFile } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import test from 'ava';
import { PROJECT } from '../support/abi-sources.js';
import { TEST_BACKEND } from '../support/sandbox.js';

const execute = promisify(execFile);

/** The first code block that begins with an import of the package. */
function example(): string {
  const readme = readFileSync(join(PROJECT, 'README.md'), 'utf8');
  const code = /^```ts\n(import [^`]*from 'snapvm';\n[^`]*(?:`[^`]*`[^`]*)*?)^```$/m.exec(readme)?.[1];
  if (code === undefined) throw new Error('README.md has no example');
  return code;
}

test.serial('the example of README prints what its comments say', async (t) => {
  const code = example();
  const expected = [...code.matchAll(/console\.log\(.*\); \/\/ (.*)$/gm)].map(([, said]) => said);
  t.true(expected.length >= 5);
  // In the project, as README says, so that the package finds itself.
  const file = join(PROJECT, `example.${process.pid}.mjs`);
  writeFileSync(file, code);
  t.teardown(() => rmSync(file));
  // Named, so that there is no warning where there is no KVM.
  const env = { ...process.env, SNAPVM_BACKEND: TEST_BACKEND };
  const { stdout, stderr } = await execute(process.execPath, [file], { cwd: PROJECT, env });
  t.is(stderr, '');
  t.deepEqual(stdout.trimEnd().split('\n'), expected);
});
