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
    'class Test262Error extends Error { get name() { return "Test262Error"; } }\nfunction $DONOTEVALUATE() { throw "Test262: This statement should not be evaluated."; }',
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
  'test/language/n_FIXTURE.json': '{"n": 7}',
  'test/language/script.js': `${head('')}let a = 1;\n$262.evalScript("a = 2");\nassert(a === 2 && !("a" in globalThis));\nvar b;\nassert(!delete globalThis.b);`,
  'test/language/realm.js': `${head('')}const other = $262.createRealm();\nassert(other.evalScript("[]") instanceof other.global.Array && other.global.Array !== Array);`,
  'test/language/import.js': `${head('flags: [async]\nfeatures: [dynamic-import]')}import("./n_FIXTURE.js").then(async (n) => { assert(n.default === 1); await import("./missing_FIXTURE.js").catch(() => $DONE()); }, $DONE);`,
  'test/language/json.js': `${head('flags: [module]')}import data from "./n_FIXTURE.json" with { type: "json" };\nassert(data.n === 7);`,
  'test/language/module-link.js': `${head('flags: [module]\nnegative:\n  phase: resolution\n  type: SyntaxError')}$DONOTEVALUATE();\nimport { nothing } from "./n_FIXTURE.js";`,
  'test/language/module-thrown.js': `${head('flags: [module]\nnegative:\n  phase: runtime\n  type: Test262Error')}throw new Test262Error();`,
  'test/built-ins/wrong.js': `${head('')}assert(1 === 2);`,
  'test/built-ins/wrong-async.js': `${head('flags: [async]')}Promise.reject(new Error("x")).catch($DONE);`,
  'test/built-ins/wrong-negative.js': `${head('negative:\n  phase: parse\n  type: SyntaxError')}var a;`,
  'test/built-ins/wrong-module.js': `${head('flags: [module]')}assert(1 === 2);`,
  'test/built-ins/wrong-phase.js': `${head('negative:\n  phase: parse\n  type: SyntaxError')}throw new SyntaxError();`,
  'test/built-ins/wrong-silence.js': `${head('flags: [async]')}`,
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

let root: string;
test.before(async () => {
  root = await checkout();
});
test.after.always(() => rm(root, { recursive: true }));

async function ratesWith(
  ...options: string[]
): Promise<{ rates: Record<string, unknown>; failures: string }> {
  const command = [join(PROJECT, 'scripts/test262.mjs'), root, '--every', '1', '--json', '--failures'];
  const { stdout, stderr } = await run(process.execPath, [...command, ...options]);
  return { rates: JSON.parse(stdout), failures: stderr };
}

test.serial('tests of each kind pass or fail as they are', async (t) => {
  const { rates, failures } = await ratesWith();
  t.deepEqual(
    rates,
    {
      'built-ins': { passed: 0, tests: 6, percent: 0 },
      language: { passed: 15, tests: 15, percent: 100 },
      all: { passed: 15, tests: 21, percent: 71.43 },
    },
    failures,
  );
  t.regex(failures, /^built-ins\/wrong\.js: Test262Error: no$/m);
  t.regex(failures, /^built-ins\/wrong-phase\.js: SyntaxError, but not early$/m);
});

test.serial('modules can be run as those of functions are', async (t) => {
  const { rates, failures } = await ratesWith('--bundled');
  t.deepEqual(rates['built-ins'], { passed: 0, tests: 1, percent: 0 });
  t.deepEqual(rates['language'], { passed: 6, tests: 6, percent: 100 }, failures);
});
