// Modules: TypeScript, graphs of files, packages, what cannot be found.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import test, { type ExecutionContext } from 'ava';
import type { JsSource } from '../../src/index.js';
import { startEngine } from '../support/engine.js';
import { defineError, defineJs, guestErrorOf } from '../support/js.js';

function folder(t: ExecutionContext, files: Readonly<Record<string, string | Uint8Array>>): string {
  const root = mkdtempSync(join(tmpdir(), 'snapvm-js-'));
  t.teardown(() => rmSync(root, { recursive: true }));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), content);
  }
  return root;
}

test('TypeScript works, from a text and from a file', async (t) => {
  const text = `enum Kind { A = 1, B } namespace N { export const x = 3; }
    abstract class Base<T> { constructor(protected readonly value: T) {} abstract get(): T; }
    class Own extends Base<number> { get(): number { return this.value satisfies number; } }
    export default ({ n }: { n: number }): [number, Kind] => [new Own(n).get() + N.x, Kind.B as Kind];`;
  const sources: JsSource[] = [
    { source: text, language: 'ts' },
    { file: join(folder(t, { 'f.ts': text }), 'f.ts') },
    { file: pathToFileURL(join(folder(t, { 'f.mts': text }), 'f.mts')) },
  ];
  for (const source of sources) t.deepEqual(await (await defineJs(t, source)).call({ n: 1 }), [4, 2]);
});

test('a graph of modules with packages, JSON, text and cycles becomes one function', async (t) => {
  const root = folder(t, {
    'main.ts': `import { area } from './shapes/circle.js'; import data from './data.json'; import words from './words.txt';
      import left, { right } from 'a-package'; import { isOdd } from './odd.js'; import old from 'old-package';
      const later = await import('./later.js');
      export default (r: number) => [area(r), data.list[1], words.trim(), left, right(), isOdd(3), old.value, later.name, import.meta.url];`,
    'shapes/circle.ts':
      'import { PI } from "./pi.js"; export const area = (r: number): number => PI * r * r;',
    'shapes/pi.ts': 'export const PI = 3;',
    'data.json': '{"list":[1,2]}',
    'words.txt': 'some words\n',
    'odd.js':
      "import { isEven } from './even.js'; export const isOdd = (n) => (n === 0 ? false : isEven(n - 1));",
    'even.js':
      "import { isOdd } from './odd.js'; export const isEven = (n) => (n === 0 ? true : isOdd(n - 1));",
    'later.js': "export const name = 'later';",
    'node_modules/a-package/package.json':
      '{"name":"a-package","exports":{".":{"import":"./i.mjs","require":"./r.cjs"}}}',
    'node_modules/a-package/i.mjs': "export default 'left'; export const right = () => process.env.NODE_ENV;",
    'node_modules/a-package/r.cjs': 'throw new Error()',
    'node_modules/old-package/package.json': '{"name":"old-package","main":"lib/index.js"}',
    'node_modules/old-package/lib/index.js': "var own = require('./own'); module.exports = { value: own };",
    'node_modules/old-package/lib/own.js': 'module.exports = "common";',
  });
  const f = await defineJs(t, { file: join(root, 'main.ts') });
  t.deepEqual(await f.call(2), [
    12,
    2,
    'some words',
    'left',
    'production',
    true,
    'common',
    'later',
    'file:///main.ts',
  ]);
});

test('a text imports packages from the working directory', async (t) => {
  const f = await defineJs(
    t,
    "import { blake3 } from '@noble/hashes/blake3.js'; export default (b) => blake3(b).length;",
  );
  t.is(await f.call(new Uint8Array(3)), 32);
});

test('stacks name the file that threw, also in TypeScript and across modules', async (t) => {
  const root = folder(t, {
    'main.ts':
      "import { fail } from './lib/fail.js';\n\ninterface Unused { a: string }\nexport default (): void => {\n  fail('now');\n};\n",
    'lib/fail.ts':
      'type Reason = string;\n\nexport function fail(reason: Reason): never {\n  throw new TypeError(reason);\n}\n',
  });
  const { thrown } = await guestErrorOf((await defineJs(t, { file: join(root, 'main.ts') })).call());
  const frames = thrown.stack.split('\n').map((line) => line.replace(/\(.*snapvm-js-\w+\//, '('));
  t.deepEqual(frames, ['TypeError: now', '    at fail (lib/fail.ts:4:23)', '    at default (main.ts:5:3)']);
});

test('what cannot be imported is refused, with what to do about it', async (t) => {
  const engine = await startEngine(t, { workers: 1 });
  const root = folder(t, {
    'a.js': "import './nowhere.js'; export default 1;",
    'b.js': "import { no } from './c.js'; export default no;",
    'c.js': 'export const yes = 1;',
  });
  const cases: [JsSource, string, RegExp][] = [
    [
      "import x from '@scope/not-there/deep'; export default x;",
      '@scope/not-there/deep',
      /npm install @scope\/not-there\)/,
    ],
    ["import x from './relative.js'; export default x;", './relative.js', /a text imports packages only/],
    [{ file: join(root, 'a.js') }, './nowhere.js', /there is no such file/],
  ];
  for (const [js, wanted, message] of cases) {
    const error = await defineError(engine, js);
    t.is(error.code, 'SNAPVM_JS_BUNDLE', error.message);
    t.is(error.details['import'], wanted);
    t.regex(error.message, message);
  }
  t.is((await defineError(engine, { file: join(root, 'b.js') })).code, 'SNAPVM_JS_BUNDLE');
  t.regex((await defineError(engine, { file: join(root, 'missing.js') })).message, /missing\.js/);
  t.is((await defineError(engine, { file: join(root, 'missing.js') })).code, 'SNAPVM_JS_BUNDLE');
});

test('a module may be larger than inputs; one that is too large says which option to raise', async (t) => {
  const js = `export default (x) => [${JSON.stringify('x'.repeat(3 * 2 ** 20))}.length, x];`;
  const large = await defineJs(t, js, { initTimeoutMs: 60_000 });
  t.deepEqual(await large.call('y'), [3 * 2 ** 20, 'y']);
  const engine = await startEngine(t, { workers: 1 });
  const root = folder(t, { 'f.js': `export default () => "${'x'.repeat(2 ** 24)}";` });
  const error = await defineError(engine, { file: join(root, 'f.js') });
  t.is(error.code, 'SNAPVM_JS_BUNDLE');
  t.regex(error.message, /raise inputBytes/);
});

test('packages for browsers and for Node are taken as for Node', async (t) => {
  const root = folder(t, {
    'main.js': "import a from 'a'; import b from 'b'; import c from 'c'; export default () => [a, b, c];",
    'node_modules/a/package.json': '{"name":"a","main":"n.js","browser":"b.js"}',
    'node_modules/a/b.js': 'document.title',
    'node_modules/a/n.js': 'module.exports = "node";',
    'node_modules/b/package.json':
      '{"name":"b","exports":{"browser":"./b.js","node":"./n.js","default":"./d.js"}}',
    'node_modules/b/b.js': 'document.title',
    'node_modules/b/n.js': 'export default "node";',
    'node_modules/b/d.js': 'export default "default";',
    'node_modules/c/package.json': '{"name":"c","browser":{"./x.js":false,"fs":false}}',
    'node_modules/c/index.js': "require('fs'); module.exports = require('./x.js');",
    'node_modules/c/x.js': 'module.exports = "there";',
  });
  t.deepEqual(await (await defineJs(t, { file: join(root, 'main.js') })).call(), ['node', 'node', 'there']);
});

test('a require that a package makes finds what it asks for by literals', async (t) => {
  const root = folder(t, {
    'main.js': "export { default, far } from 'own';",
    'node_modules/own/package.json': '{"name":"own","version":"1.2.3","type":"module","main":"lib/index.js"}',
    'node_modules/own/lib/index.js': `import { createRequire } from 'module';
      import { version } from './bundled.js';
      const require = createRequire(import.meta.url);
      const { answer } = require('./data.json');
      const optional = () => { try { return require('not-there'); } catch ({ code }) { return code; } };
      export const far = (name) => require(name);
      export default () => [version, answer, require('other').kind, require('os').EOL, optional()];`,
    'node_modules/own/lib/data.json': '{"answer":42}',
    'node_modules/own/lib/bundled.js': `import{createRequire as $e}from"node:module";let $t=$e(import.meta.url);
      export const { version } = $t("../package.json");`,
    'node_modules/other/package.json': '{"name":"other","exports":{"import":"./i.mjs","require":"./r.cjs"}}',
    'node_modules/other/i.mjs': 'export const kind = "import";',
    'node_modules/other/r.cjs': 'exports.kind = "require";',
  });
  const f = await defineJs(t, { file: join(root, 'main.js') });
  t.deepEqual(await f.call(), ['1.2.3', 42, 'require', '\n', 'MODULE_NOT_FOUND']);
  const { thrown } = await guestErrorOf(f.call('./data2.json', { fn: 'far' }));
  t.regex(thrown.message, /"\.\/data2\.json".*a bundle cannot follow/);
});

test('a package that another one asks for later need not be installed', async (t) => {
  const root = folder(t, {
    'main.js': "export { default } from 'own';",
    'node_modules/own/index.js': `module.exports = (name) => {
        if (name === 'there') return require('there');
        const missing = require('not-there/package.json');
        return missing.version;
      };`,
    'node_modules/there/index.js': "module.exports = 'there';",
    'own.js': "export default () => {\n  require('not-there');\n};",
  });
  const f = await defineJs(t, { file: join(root, 'main.js') });
  t.is(await f.call('there'), 'there');
  const { thrown } = await guestErrorOf(f.call());
  t.regex(thrown.message, /^Cannot find module 'not-there\/package\.json'; .*npm install not-there\)/);
  t.is(thrown.name, 'Error');
  // What the function itself asks for is an error at once.
  const error = await defineError(await startEngine(t, { workers: 1 }), { file: join(root, 'own.js') });
  t.is(error.code, 'SNAPVM_JS_BUNDLE');
});

test('JSX works, with the package that a comment names', async (t) => {
  const root = folder(t, {
    'own.js': '/** @jsxImportSource own */ export default (n) => <p id="a">{n}<></></p>;',
    'react.jsx': 'export default (n) => <p>{n}</p>;',
    'classic.js': '/** @jsx h */ const h = (...all) => all; export default (n) => <p id="a">{n}</p>;',
    'typed.tsx': '/** @jsxImportSource own */ export default (n: number) => <p>{n}</p>;',
    'node_modules/own/package.json': '{"name":"own","exports":{"./jsx-runtime":"./j.js"}}',
    'node_modules/own/j.js': "export const Fragment = 'f', jsx = (t, p) => [t, p], jsxs = jsx;",
  });
  const run = async (name: string): Promise<unknown> =>
    await (await defineJs(t, { file: join(root, name) })).call(1);
  t.deepEqual(await run('own.js'), ['p', { id: 'a', children: [1, ['f', {}]] }]);
  t.deepEqual(await run('typed.tsx'), ['p', { children: 1 }]);
  t.deepEqual(await run('classic.js'), ['p', { id: 'a' }, 1]);
  const error = await defineError(await startEngine(t, { workers: 1 }), { file: join(root, 'react.jsx') });
  t.regex(error.message, /Could not resolve "react\/jsx-runtime"; install the package \(npm install react\)/);
  t.notRegex(error.message, /loader|esbuild|external/);
});

test('an error deep in packages names the import of the function that led there', async (t) => {
  const root = folder(t, {
    'main.js': "import { own } from './own.js'; export default own;",
    'own.js': "import 'fine';\nimport x from 'outer'; export const own = () => x;",
    'node_modules/fine/index.js': '',
    'node_modules/outer/index.js': "module.exports = require('inner/deep');",
    'node_modules/inner/deep.js': "require('not-there'); module.exports = 1;",
    'broken.js': "import 'broken'; export default () => 1;",
    'node_modules/broken/index.js': 'const a = ;',
  });
  const engine = await startEngine(t, { workers: 1 });
  const deep = await defineError(engine, { file: join(root, 'main.js') });
  t.is(deep.code, 'SNAPVM_JS_BUNDLE');
  t.regex(deep.message, /deep\.js:1:\d+: Could not resolve "not-there"/);
  t.regex(deep.message, /the import of "outer" in .*own\.js\)/);
  t.regex(String(deep.details['importedBy']), /own\.js$/);
  const broken = await defineError(engine, { file: join(root, 'broken.js') });
  t.is(broken.code, 'SNAPVM_JS_SYNTAX');
  t.regex(broken.message, /the import of "broken" in .*broken\.js\)/);
});

test('a word in the wrong place is a syntax error, and no import that fails', async (t) => {
  const engine = await startEngine(t, { workers: 1 });
  const texts = [
    'break;',
    'continue;',
    'const f = () => { await 1; };',
    'new.target;',
    'for (;;) { let x = 1; let x; }',
  ];
  for (const js of texts) t.is((await defineError(engine, js)).code, 'SNAPVM_JS_SYNTAX', js);
  t.is((await defineError(engine, "import 'node:nothing';")).code, 'SNAPVM_JS_BUNDLE');
});

test('syntax that the engine is too young for works', async (t) => {
  const f = await defineJs(
    t,
    `class Odd { async = 1; get = 2; set = 3; static() { return 4; } static #made = new Odd(); #secret = 5;
       static { Odd.block = 6; } static has(o) { return #secret in o; } static name2 = Odd.name; static get made() { return Odd.#made.get; } }
     export default () => {
       const odd = new Odd();
       const holder = { a: 1, b: { c: null } };
       delete holder?.a;
       holder.b.c ??= 1_000;
       const match = /(?<year>\\d{4})-(\\d\\d)/d.exec('on 2024-05');
       label: for (;;) { break label; }
       return [odd.async, odd.get, odd.set, odd.static(), Odd.block, Odd.has(odd), Odd.has({}), Odd.name2, Odd.made, holder,
         match.indices, match.indices.groups.year, [3, 1, 2].toSorted(), [1, 2, 3].findLast((x) => x < 3), Object.groupBy([1, 2], (x) => (x % 2 ? 'odd' : 'even')),
         'x'.at(-1), structuredClone({ a: 1n }).a === 1n, new Error('e', { cause: 7 }).cause, [1, [2]].flat(), Array.fromAsync !== undefined];
     };`,
  );
  t.deepEqual(await f.call(), [
    1,
    2,
    3,
    4,
    6,
    true,
    false,
    'Odd',
    2,
    { b: { c: 1000 } },
    Object.assign(
      [
        [3, 10],
        [3, 7],
        [8, 10],
      ],
      { groups: { year: [3, 7] } },
    ),
    [3, 7],
    [1, 2, 3],
    2,
    { odd: [1], even: [2] },
    'x',
    true,
    7,
    [1, 2],
    true,
  ]);
});

test('a text in a program stays as it is, though the engine is worked around', async (t) => {
  const text = '\n  static() {}\n  get;\n  delete a?.b\n';
  const f = await defineJs(
    t,
    `class Odd { get; static() { return 1; } }
    const tagged = String.raw\`${text}\`;
    export default () => [new Odd().static(), \`${text}\`, tagged];`,
  );
  t.deepEqual(await f.call(), [1, text, text]);
});

test('a text cannot read the files of this machine', async (t) => {
  const engine = await startEngine(t, { workers: 1 });
  const imports = [
    "import x from './package.json'; export default () => x;",
    "import x from '/etc/hostname'; export default () => x;",
    "import x from 'file:///etc/hostname'; export default () => x;",
    "import x from 'ava/../../package.json'; export default () => x;",
    "import x from '@noble/../../package.json'; export default () => x;",
    "import x from '..'; export default () => x;",
    "import x from '#self'; export default () => x;",
    "export * from './package.json';",
    "module.exports = () => require('./package.json');",
    "export default async () => await import('./package.json');",
  ];
  for (const js of imports) t.is((await defineError(engine, js)).code, 'SNAPVM_JS_BUNDLE', js);
  // esbuild would look for what a pattern matches.
  const patterns = [
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the guest's
    'export default (x) => import(`./${x}.json`);',
    "export default (x) => import(/* a comment */ './' + x);",
    'export default (x) => import ( ("../" + x) );',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the guest's
    'module.exports = (x) => require(`./${x}`);',
  ];
  for (const js of patterns) t.is((await defineError(engine, js)).code, 'SNAPVM_JS_BUNDLE', js);
  const source = "enum E { A = './' } export default (x: string) => import(E.A + x);";
  t.is((await defineError(engine, { source, language: 'ts' })).code, 'SNAPVM_JS_BUNDLE');
  const other = await engine.define('f', { js: 'export default (x) => import(x);' });
  t.is((await guestErrorOf(other.call('./package.json'))).code, 'SNAPVM_JS_ERROR');
});

test('a text that may import no packages reads none, however it asks', async (t) => {
  const engine = await startEngine(t);
  const ask = async (text: string, language: 'js' | 'ts' = 'js') =>
    await defineError(engine, { source: text, language, packages: false });
  const end = 'export default () => 1;';
  for (const text of [
    `import x from 'esbuild'; ${end}`,
    `import x from 'esbuild/package.json' with { type: 'json' }; ${end}`,
    `import x from '/etc/hostname.json'; ${end}`,
    `import x from './package.json'; ${end}`,
    `await import('esbuild'); ${end}`,
    `require('esbuild/package.json'); ${end}`,
    `export * from 'esbuild'; ${end}`,
    `import defer * as x from 'esbuild'; x.a; ${end}`,
    `import x from 'file:///etc/hostname.json'; ${end}`,
    `export default () => <p/>;`,
  ]) {
    const error = await ask(text);
    t.is(error.code, 'SNAPVM_JS_BUNDLE', text);
    t.regex(error.message, /may import no packages and no files/, text);
  }
  t.is((await ask(`import x = require('esbuild'); x; ${end}`, 'ts')).code, 'SNAPVM_JS_BUNDLE');
  const f = await defineJs(t, {
    source:
      "import { basename } from 'node:path'; export default (path) => new URL(basename(path), 'http://a/b').href;",
    packages: false,
  });
  t.is(await f.call('/x/y'), 'http://a/y');
});

test('whether packages are allowed is for texts to say', async (t) => {
  const engine = await startEngine(t);
  const source = { file: '/none.js', packages: false } as unknown as JsSource;
  t.regex((await defineError(engine, source)).message, /^js\.packages is false; it must be left out/);
  const text = { source: 'export default 1', packages: 'no' } as unknown as JsSource;
  t.regex((await defineError(engine, text)).message, /^js\.packages is "no"; it must be true or false/);
});
