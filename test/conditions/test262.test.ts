// scripts/test262.mjs: each kind of test is run as it asks for, and those that fail are told from those that pass.
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import test from 'ava';
import { PROJECT } from '../support/abi-sources.js';

const run = promisify(execFile);

const head = (lines: string): string => `/*---\ndescription: >\n  something\n${lines}\n---*/\n`;
const FILES: Readonly<Record<string, string>> = {
  'harness/sta.js':
    'class Test262Error extends Error {}\nfunction $DONOTEVALUATE() { throw "Test262: This statement should not be evaluated."; }',
  'harness/assert.js': 'function assert(value) { if (value !== true) throw new Test262Error("no"); }',
  'harness/doneprintHandle.js':
    'function $DONE(error) { print(error ? "Test262:AsyncTestFailure:" + error : "Test262:AsyncTestComplete"); }',
  'harness/more.js': 'const more = 5;\nlet fewer = 4;',
  'test/language/sloppy.js': `${head('')}assert((function () { return this === globalThis; })());`,
  'test/language/strict.js': `${head('flags: [onlyStrict]')}assert((function () { return this === undefined; })());`,
  'test/language/include.js': `${head('includes:\n  - more.js\nflags: [noStrict]')}assert(more + fewer === 9);`,
  'test/language/async.js': `${head('flags: [async]')}Promise.resolve().then(() => $DONE());`,
  'test/language/early.js': `${head('negative:\n  phase: parse\n  type: SyntaxError')}$DONOTEVALUATE();\nlet a; let a;`,
  'test/language/thrown.js': `${head('negative:\n  phase: runtime\n  type: Test262Error')}throw new Test262Error();`,
  'test/language/raw.js': `${head('flags: [raw]')}if (typeof assert !== "undefined") throw new Error("harness");`,
  'test/language/module.js': `${head('flags: [module]\nincludes: [more.js]')}import n from "./n_FIXTURE.js";\nassert(n + more === 6);`,
  'test/language/module-early.js': `${head('flags: [module]\nnegative:\n  phase: parse\n  type: SyntaxError')}$DONOTEVALUATE();\nlet a; let a;`,
  'test/language/n_FIXTURE.js': 'export default 1;',
  'test/built-ins/wrong.js': `${head('')}assert(1 === 2);`,
  'test/built-ins/wrong-async.js': `${head('flags: [async]')}Promise.reject(new Error("x")).catch($DONE);`,
  'test/built-ins/wrong-negative.js': `${head('negative:\n  phase: parse\n  type: SyntaxError')}var a;`,
  'test/built-ins/wrong-module.js': `${head('flags: [module]')}assert(1 === 2);`,
  'test/built-ins/left-out.js': `${head('features: [Symbol, Atomics]')}assert(false);`,
  'test/intl402/left-out.js': `${head('')}assert(false);`,
};

async function checkout(): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'snapvm-test262-'));
  for (const [name, text] of Object.entries(FILES)) {
    await mkdir(dirname(join(root, name)), { recursive: true });
    await writeFile(join(root, name), text);
  }
  return root;
}

test('tests of each kind pass or fail as they are', async (t) => {
  const root = await checkout();
  t.teardown(() => rm(root, { recursive: true }));
  const command = [join(PROJECT, 'scripts/test262.mjs'), root, '--every', '1', '--json', '--failures'];
  const { stdout, stderr } = await run(process.execPath, command);
  const { language, 'built-ins': builtIns, all, intl402 } = JSON.parse(stdout);
  t.deepEqual(language, { passed: 9, tests: 9, percent: 100 }, stderr);
  t.deepEqual(builtIns, { passed: 0, tests: 4, percent: 0 });
  t.is(all.tests, 13);
  t.is(intl402, undefined);
  t.regex(stderr, /^built-ins\/wrong\.js: Test262Error: no$/m);
});
