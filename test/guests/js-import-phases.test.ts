// `import defer` and `import.source()`: a deferred module is evaluated when its namespace is looked at, and none has
// a source.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { startEngine } from '../support/engine.js';
import { defineError, defineJs } from '../support/js.js';

function file(t: ExecutionContext, files: Readonly<Record<string, string>>): { file: string } {
  const root = mkdtempSync(join(tmpdir(), 'snapvm-js-'));
  t.teardown(() => rmSync(root, { recursive: true }));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), content);
  }
  return { file: join(root, Object.keys(files)[0] ?? '') };
}

const NOTED = 'globalThis.seen = [];';
const noting = (name: string): string =>
  `globalThis.seen.push('${name}'); export const own = '${name}'; export default [1];`;

test('a deferred module is evaluated when something of it is looked at', async (t) => {
  const source = file(t, {
    'main.ts': `import './noted.js'; const typed: string = 'ü'; /* ü */ import defer * as one from "./one.js";
      import defer
        * as two from './two.js'; import defer * as three from './three.cjs';
      const four = await import.defer ( './four.js' );
      const { seen } = globalThis as any;
      const state = (): string => seen.join();
      export default () => {
        const before = [typed, state(), two[Symbol.toStringTag], String((two as any).then), 'then' in four];
        const read = [one.own, state(), Object.keys(two), state(), 'nothing' in three, state(), four.default, state()];
        return [before, read, (three as any).old, (three as any).default, one.own, state()];
      };`,
    'noted.js': NOTED,
    'one.js': noting('one'),
    'two.js': noting('two'),
    'three.cjs': "globalThis.seen.push('three'); module.exports = { old: 3 };",
    'four.js': noting('four'),
  });
  t.deepEqual(await (await defineJs(t, source)).call(), [
    ['ü', '', 'Deferred Module', 'undefined', false],
    ['one', 'one', ['default', 'own'], 'one,two', false, 'one,two,three', [1], 'one,two,three,four'],
    3,
    { old: 3 },
    'one',
    'one,two,three,four',
  ]);
});

test('what a deferred module throws is thrown each time it is looked at', async (t) => {
  const source = file(t, {
    'main.js': `import defer * as bad from './bad.js';
      const attempt = () => { try { return bad.x; } catch (error) { return error.message; } };
      export default () => [attempt(), attempt(), String(bad.then)];`,
    'bad.js': "export const x = 1; throw new Error('bad');",
  });
  t.deepEqual(await (await defineJs(t, source)).call(), ['bad', 'bad', 'undefined']);
});

test('no module has a source, even one that is not there', async (t) => {
  const source = file(t, {
    'main.js': `const why = (promise) => promise.then(() => 'none', (error) => error.name);
      export default async () => [await why(import.source('./main.js')), await why(import.source("<module source>"))];`,
  });
  t.deepEqual(await (await defineJs(t, source)).call(), ['SyntaxError', 'SyntaxError']);
});

test('a text defers packages, and nothing else', async (t) => {
  const engine = await startEngine(t, { workers: 1 });
  const refused = await defineError(
    engine,
    "import defer * as x from './package.json'; export default () => x.name;",
  );
  t.is(refused.code, 'SNAPVM_JS_BUNDLE');
  t.regex(refused.message, /a text imports packages only/);
  const text =
    "import defer * as path from 'node:path'; export default async () => [path.extname('a.b'), (await import.defer('node:path')).sep];";
  t.deepEqual(await (await defineJs(t, text)).call(), ['.b', '/']);
});

test('what cannot be deferred is an error when the function is defined', async (t) => {
  const engine = await startEngine(t, { workers: 1 });
  const waiting = await defineError(
    engine,
    file(t, {
      'main.js': "import defer * as x from './a.js'; export default () => x.y;",
      'a.js': "export { y } from './b.js';",
      'b.js': 'export const y = await 1;',
    }),
  );
  t.is(waiting.code, 'SNAPVM_JS_BUNDLE');
  t.regex(waiting.message, /a\.js" cannot be deferred: it, or what it imports, has a top-level await/);
  const wrong = [
    "export default () => new import.defer('node:path');",
    "import source x from 'node:path'; export default () => x;",
  ];
  for (const text of wrong) t.is((await defineError(engine, text)).code, 'SNAPVM_JS_SYNTAX', text);
  const attributes = await defineError(engine, "export default import.defer('fs', {})");
  t.is(attributes.code, 'SNAPVM_JS_SYNTAX');
  t.regex(attributes.message, /meta expected \(.*import\.defer\(\) and import\.source\(\) of one module/);
  const many = `export default () => [${"import.defer('node:path'),\n".repeat(1001)}];`;
  t.is((await defineError(engine, many)).code, 'SNAPVM_JS_SYNTAX');
  const large = `${'\n'.repeat(2 ** 20)}export default () => import.defer('node:path');`;
  t.is((await defineError(engine, large)).code, 'SNAPVM_JS_SYNTAX');
});
