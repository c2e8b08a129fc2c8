// Modules whose authors are up to something while they are defined: with the host's files, and with its time.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: they are the guests'
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { withEsbuild } from '../../src/guests/js/esbuild-service.js';
import { jsFailure } from '../../src/guests/js/failures.js';
import { StackMap } from '../../src/guests/js/stack.js';
import type { GuestThrownError, Thrown } from '../../src/index.js';
import { startEngine } from '../support/engine.js';
import { defineError, errorOf } from '../support/js.js';

const HERE = process.cwd();
const projects: string[] = [];

// Not before: esbuild's process is started where this one was when it was first needed.
test.after.always(() => {
  for (const root of projects) rmSync(root, { recursive: true });
});

/** The working directory is a project's with a file that is nobody's business, and a pipe that is never written. */
function inProject(t: ExecutionContext): string {
  const root = mkdtempSync(join(tmpdir(), 'snapvm-js-'));
  projects.push(root);
  process.chdir(root);
  t.teardown(() => process.chdir(HERE));
  mkdirSync('src');
  writeFileSync('src/secret.json', '{"password":"hunter2"}');
  writeFileSync('package.json', '{"name":"project","exports":{"./secret":"./src/secret.json"}}');
  const compilerOptions = { baseUrl: '.', paths: { 'app/*': ['src/*'] } };
  writeFileSync('tsconfig.json', JSON.stringify({ compilerOptions }));
  execFileSync('mkfifo', ['pipe']);
  return root;
}

test.serial('a text sees nothing of the project in whose folder it is defined', async (t) => {
  const root = inProject(t);
  const engine = await startEngine(t, { workers: 1 });
  for (const path of ['src/secret.json', 'app/secret.json', 'project/secret', 'package.json']) {
    const error = await defineError(engine, `import x from '${path}'; export default () => x;`);
    t.is(error.code, 'SNAPVM_JS_BUNDLE', path);
    t.is(error.details['import'], path);
  }
  const pipe = `\n//# sourceMappingURL=file://${root}/pipe`;
  t.is(await (await engine.define('f', { js: `export default () => 1;${pipe}` })).call(), 1);
  const nested = `data:text/javascript,${encodeURIComponent(`export default () => 1;${pipe}`)}`;
  t.is((await defineError(engine, `export { default } from '${nested}';`)).code, 'SNAPVM_JS_BUNDLE');
});

test.serial('no spelling of an import has all files looked at', async (t) => {
  inProject(t);
  const engine = await startEngine(t, { workers: 1 });
  const imports = [
    '`${"./"}${x}`',
    '`.${"/src/"}${x}`',
    '"." + `/src/${x}`',
    '"" + "./src/" + x',
    "'./src/\"' + x",
    '/* a */ /* b */ ("./" + x)',
    'x ? "./" + x : 1',
  ];
  for (const argument of imports) {
    const error = await defineError(engine, `export default (x) => import(${argument});`);
    t.regex(error.message, /pattern of files/, argument);
  }
  const other = await engine.define('f', { js: 'export default () => "import(./a) require(./a)";' });
  t.is(await other.call(), 'import(./a) require(./a)');
});

test.serial('a text that is long in an odd way takes no longer than others', async (t) => {
  const engine = await startEngine(t, { workers: 1 });
  const texts = [`import(${'/**/'.repeat(50_000)}x`, 'delete '.repeat(50_000), '\n'.repeat(200_000)];
  const began = performance.now();
  for (const text of texts) {
    const f = await engine.define('f', {
      js: `const s = ${JSON.stringify(text)}; export default () => s.length;`,
    });
    t.is(await f.call(), text.length);
    const g = await engine.define('f', { js: `const s = \`${text}\`; export default () => s.length;` });
    t.is(await g.call(), text.length);
  }
  // What the platform is looked for by.
  const looked = [`{${'a'.repeat(1e6)}} = globalThis;`, `__require ${'require'.repeat(150_000)}`];
  for (const text of looked) await engine.define('h', { js: `export default () => "${text}";` });
  const phase = `export default () => import.source("nope"${'\n'.repeat(900_000)}/**/);`;
  t.is((await defineError(engine, phase)).code, 'SNAPVM_JS_BUNDLE');
  t.true(performance.now() - began < 60_000);
});

test.serial(
  'code that esbuild does not survive is refused; what others define meanwhile and later works',
  async (t) => {
    const engine = await startEngine(t, { workers: 1 });
    const others = [1, 2].map((n) => engine.define(`g${n}`, { js: `export default () => ${n};` }));
    const error = await defineError(engine, `export default () => ${'('.repeat(1_000_000)}`);
    t.is(error.code, 'SNAPVM_JS_BUNDLE');
    // Which of the three comes first is the machine's.
    t.regex(error.message, /nested very deeply|did not answer|bytes of memory/);
    const later = engine.define('g3', { js: 'export default () => 3;' });
    const answers = [...others, later].map(async (handle) => await (await handle).call());
    t.deepEqual(await Promise.all(answers), [1, 2, 3]);
  },
);

/** TypeScript whose enum has strings of `bytes` bytes; esbuild computes each. */
function swelling(bytes: number): string {
  const doubled = Array.from({ length: Math.log2(bytes) - 4 }, (_, n) => `m${n + 1} = m${n} + m${n}`);
  return `enum E { m0 = '0123456789abcdef', ${doubled.join(', ')} } export default () => E.m0;`;
}

test.serial('a text that makes esbuild take all memory is given up; no other is', async (t) => {
  const engine = await startEngine(t, { workers: 1 });
  const source = swelling(2 ** 31);
  t.true(source.length < 700);
  const bad = defineError(engine, { source, language: 'ts' });
  const others = [1, 2, 3, 4].map((n) => engine.define(`g${n}`, { js: `export default () => ${n};` }));
  const error = await bad;
  t.is(error.code, 'SNAPVM_JS_BUNDLE', error.message);
  t.true(['memory', 'time'].includes(String(error.details['limit'])), error.message);
  t.deepEqual(await Promise.all(others.map(async (handle) => await (await handle).call())), [1, 2, 3, 4]);
});

test.serial('work is ended by the memory that it takes', async (t) => {
  const bytes = 2 ** 27;
  const step = withEsbuild((esbuild) => esbuild.transform(swelling(2 ** 28), { loader: 'ts' }), {
    ms: 600_000,
    bytes,
  });
  const error = await errorOf(step);
  t.deepEqual([error.code, error.details], ['SNAPVM_JS_BUNDLE', { limit: 'memory', bytes }]);
});

test.serial('work is ended by its time and by its signal, and what comes after it works', async (t) => {
  const bytes = 2 ** 40;
  const never = (): Promise<never> => new Promise(() => {});
  const late = await errorOf(withEsbuild(never, { ms: 50, bytes }));
  t.deepEqual([late.code, late.details], ['SNAPVM_JS_BUNDLE', { limit: 'time', ms: 50 }]);
  const stop = new AbortController();
  const limits = { ms: 600_000, bytes, signal: stop.signal };
  const steps = [1, 2, 3].map(() => withEsbuild(never, limits));
  const reason = new Error('stopped');
  stop.abort(reason);
  for (const step of steps) t.is(await step.catch((error: unknown) => error), reason);
  const one = (): Promise<string> =>
    withEsbuild(async (esbuild) => (await esbuild.transform('1')).code, { ms: 600_000, bytes });
  t.deepEqual(await Promise.all([one(), one(), one()]), ['1;\n', '1;\n', '1;\n']);
});

test.serial('an engine that is closed does not wait for what is bundled', async (t) => {
  const engine = await startEngine(t, { workers: 1 });
  const hold = new AbortController();
  const never = (): Promise<never> => new Promise(() => {});
  const held = [1, 2].map(() => withEsbuild(never, { ms: 600_000, bytes: 2 ** 40, signal: hold.signal }));
  const define = defineError(engine, 'export default () => 1;');
  await engine.close();
  // At once, though others still have their turn.
  t.is((await define).code, 'SNAPVM_ENGINE_CLOSED');
  hold.abort(new Error('enough'));
  for (const step of held) await t.throwsAsync(step, { message: 'enough' });
});

test.serial('a text that is too large is not bundled', async (t) => {
  const engine = await startEngine(t, { workers: 1 });
  const error = await defineError(engine, `${' '.repeat(8 * 2 ** 20)}export default () => 1;`);
  t.is(error.code, 'SNAPVM_JS_BUNDLE');
  t.is(error.details['limit'], 'size');
});

test.serial('a file that is a pipe or a device is not waited for', async (t) => {
  const root = inProject(t);
  const engine = await startEngine(t, { workers: 1 });
  for (const file of [`${root}/pipe`, '/dev/zero']) {
    const error = await defineError(engine, { file });
    t.is(error.code, 'SNAPVM_JS_BUNDLE');
    t.regex(error.message, /not a regular file/);
  }
});

test.serial('a file that cannot be read is named, with why', async (t) => {
  const root = inProject(t);
  const engine = await startEngine(t, { workers: 1 });
  const unreadable: [string, RegExp][] = [
    [`${root}/missing.js`, /^the module ".*missing\.js" cannot be read: it does not exist$/],
    [root, /cannot be read: it is a directory$/],
  ];
  for (const [file, message] of unreadable) {
    const error = await defineError(engine, { file });
    t.is(error.code, 'SNAPVM_JS_BUNDLE');
    t.regex(error.message, message);
  }
});

test.serial('what a guest tells of its errors is cut before it is read, whatever it is', (t) => {
  const stacks = new StackMap({ name: 'f.js', code: '', map: '', warnings: [] });
  const thrown = (frames: number): Thrown => {
    const said = { name: 'E', message: 'm'.repeat(2e4), stack: `    at ${' ('.repeat(frames)}` };
    const output = Buffer.from(`\u0001${JSON.stringify(said)}`);
    return (jsFailure(1, output, { where: 'f', details: {}, stacks }) as GuestThrownError).thrown;
  };
  const { name, message } = thrown(1e4);
  t.is(name, 'E');
  t.is(message.length, 8192);
  // Of more than 96 KiB nothing is known.
  t.deepEqual(thrown(4e5), { name: 'Error', message: '', stack: 'Error' });
});
