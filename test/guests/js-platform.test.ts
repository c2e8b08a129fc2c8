// Modules of Node and globals: what works is compared with Node in test/js-programs; here is what loads them, and what
// does not work in a guest.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { bundleJs } from '../../src/guests/js/bundle.js';
import type { JsSource } from '../../src/index.js';
import { startEngine } from '../support/engine.js';
import { defineError, defineJs, guestErrorOf } from '../support/js.js';

const HOST_ONLY = [
  'child_process',
  'cluster',
  'dgram',
  'dns',
  'fs',
  'http2',
  'https',
  'net',
  'repl',
  'tls',
  'vm',
];
/** What the platform's modules do not have of Node 20's, and no package was seen to need. */
const MISSING: Record<string, unknown> = {
  constants: ['defaultCipherList'],
  'stream/web': ['CompressionStream', 'DecompressionStream'],
};

/** Letters beside a to z of languages that have them in an order of their own. */
const ORDER_LETTERS: Readonly<Record<string, string>> = {
  az: 'çğəıöşü',
  cs: 'čřšžáéíóúůý',
  da: 'æøåöä',
  de: 'äöü',
  el: 'αάβγδέεζηθικλμνξοπρστυφχψω',
  en: 'áàäéñøöü',
  es: 'ñáéü',
  et: 'šžõäöü',
  fi: 'åäö',
  fr: 'éèêëçàùœ',
  hr: 'čćđšž',
  hu: 'áéíóöőúüű',
  is: 'áðéíóúýþæö',
  lt: 'čšžįūy',
  lv: 'āčēģīķļņšūž',
  nb: 'æøåöä',
  pl: 'ąćęłńóśźż',
  ro: 'ăâîșț',
  ru: 'абвгдеёжзийклмнопрстуфхцчшщъыьэюя',
  sk: 'áäčďéíĺľňóôŕšťúýž',
  sl: 'čšž',
  sv: 'åäöæø',
  tr: 'çğıöşü',
  uk: 'абвгґдеєжзиіїйклмнопрстуфхцчшщьюя',
};
const ORDERED = Object.keys(ORDER_LETTERS);

/** As a file: a text has thirty seconds to be bundled, and other tests run meanwhile. */
function asFile(t: ExecutionContext, text: string): JsSource {
  const root = mkdtempSync(join(tmpdir(), 'snapvm-js-'));
  t.teardown(() => rmSync(root, { recursive: true }));
  writeFileSync(join(root, 'function.js'), text);
  return { file: join(root, 'function.js') };
}

async function codeOf(text: string): Promise<string> {
  return (await bundleJs({ kind: 'text', text, language: 'js', packages: true, locales: [] })).code;
}

test('modules that need a host can be imported, and fail with words when they are used', async (t) => {
  const f = await defineJs(
    t,
    `${HOST_ONLY.map((name, at) => `import * as m${at} from 'node:${name}'; import d${at} from '${name}';`).join('\n')}
    import { readFile, promises, existsSync, constants } from 'fs';
    import { spawn } from 'child_process';
    class Own extends m3.Resolver {}
    const attempts = { readFile, spawn, one: () => promises.stat('x'), two: () => new Own(), three: () => d9.connect(1),
      four: () => require('fs').readFileSync('x'), five: () => m4.readdirSync('/'), six: () => new m10.Script('1') };
    export const constant = () => [constants.R_OK, typeof existsSync, typeof m4.default.anything];
    export default (name) => attempts[name]();`,
    { initTimeoutMs: 60_000 },
  );
  t.deepEqual(await f.call(undefined, { fn: 'constant' }), [4, 'function', 'function']);
  const names = [
    'fs.readFile',
    'child_process.spawn',
    'fs.promises.stat',
    'dns.Resolver',
    'tls.connect',
  ].concat('fs.readFileSync', 'fs.readdirSync', 'vm.Script');
  for (const [at, attempt] of ['readFile', 'spawn', 'one', 'two', 'three', 'four', 'five', 'six'].entries()) {
    const { thrown } = await guestErrorOf(f.call(attempt));
    t.true(thrown.message.startsWith(`${names[at]} is not there`), thrown.message);
    t.regex(thrown.message, /await host\.name\(\.\.\.\).*hostFunctions/);
  }
});

test('every module of Node can be imported, with its prefix and without', async (t) => {
  const names = builtinModules.filter((name) => !/^_|^node:/.test(name));
  const f = await defineJs(
    t,
    asFile(
      t,
      `${names.map((name, at) => `import m${at} from '${name}'; import n${at} from 'node:${name}';`).join('\n')}
    import { builtinModules } from 'module';
    export default () => [[${names.map((_, at) => `m${at} === n${at} && Boolean(m${at})`).join()}], builtinModules];`,
    ),
    { initTimeoutMs: 60_000 },
  );
  const [loaded, known] = (await f.call()) as [boolean[], string[]];
  t.deepEqual(
    names.filter((_, at) => loaded[at] !== true),
    [],
  );
  t.deepEqual(
    names.filter((name) => !known.includes(name)),
    [],
  );
});

test('the modules have the names that Node 20 has', async (t) => {
  if (!process.version.startsWith('v20.')) {
    t.log(`not compared: the names are those of Node 20, this is ${process.version}`);
    t.pass();
    return;
  }
  const names = builtinModules.filter((name) => !/^_|^node:|^process$/.test(name));
  const f = await defineJs(
    t,
    asFile(
      t,
      `${names.map((name, at) => `import * as m${at} from 'node:${name}';`).join('\n')}
    const modules = [${names.map((_, at) => `m${at}`).join()}];
    export default ([at, names]) => names.filter((name) => !(name in modules[at] || name in modules[at].default));`,
    ),
    { initTimeoutMs: 60_000 },
  );
  const missing: Record<string, unknown> = {};
  for (const [at, name] of names.entries()) {
    const module = (await import(`node:${name}`)) as object;
    const absent = await f.call([at, Object.keys(module)]);
    if (JSON.stringify(absent) !== '[]') missing[name] = absent;
  }
  t.deepEqual(missing, MISSING);
});

test('a function that uses none of it carries none of it', async (t) => {
  const plain = await codeOf('export default (x) => x + 1;');
  t.true(plain.length < 600 && !plain.includes('node:'), plain);
  const own =
    'class Buffer {} const o = { process: 1, setImmediate: 2 }; export default () => [new Buffer(), o.process];';
  t.false((await codeOf(own)).includes('node:'));
  t.false((await codeOf('export default () => process.env.NODE_ENV')).includes('node:'));
});

test('a global is loaded by whoever reads it, in whatever way', async (t) => {
  const reads = [
    'export default () => typeof Buffer;',
    'export default () => typeof globalThis.Buffer;',
    'export default () => typeof self.Buffer;',
    'export default () => typeof global.Buffer;',
    'const { Buffer: B } = globalThis; export default () => typeof B;',
    "export default () => 'Buffer' in globalThis && 'function';",
    'module.exports = () => typeof Buffer;',
    'export default () => typeof Intl?.NumberFormat;',
    'export default () => typeof fetch;',
    'export default () => typeof crypto.subtle.digest;',
    'export default () => typeof performance.mark;',
  ];
  const engine = await startEngine(t, { workers: 1 });
  for (const js of reads)
    t.is(await (await engine.define('f', { js }, { initTimeoutMs: 60_000 })).call(), 'function', js);
});

test('a program may put something else in the place of a global', async (t) => {
  const js = `const before = Buffer; globalThis.Buffer = { from: () => 'mine' };
    export default () => [typeof before.from, Buffer.from('x')];`;
  t.deepEqual(await (await defineJs(t, js)).call(), ['function', 'mine']);
});

test('a require that bundlers do not follow finds modules of Node', async (t) => {
  const f = await defineJs(
    t,
    `import { createRequire } from 'node:module';
    const ask = createRequire(import.meta.url);
    const nodeRequire = createRequire('file:///x.js');
    const path = nodeRequire('path');
    export default (name) => (name === undefined ? [path.join('a', 'b'), typeof require('node:os').EOL] : ask(name));
    const require_ = ask; require_('node:os');`,
  );
  t.deepEqual(await f.call(), ['a/b', 'string']);
  t.regex((await guestErrorOf(f.call('./data.json'))).thrown.message, /a bundle cannot follow/);
});

const GERMAN = `(() => [
  (1234.5).toLocaleString('de'),
  new Intl.NumberFormat('de-AT', { style: 'currency', currency: 'EUR' }).format(1234.5),
  new Date(0).toLocaleDateString('de-DE', { weekday: 'long', year: 'numeric', month: 'long', day: 'numeric' }),
  new Intl.RelativeTimeFormat('de', { numeric: 'auto' }).format(-1, 'day'),
  new Intl.ListFormat('de').format(['a', 'b', 'c']),
])`;

test('a definition says which locales there are beside English', async (t) => {
  const source = `export const german = ${GERMAN};
    export default () => [
      new Intl.NumberFormat('zh-TW', { notation: 'compact' }).format(12345),
      new Intl.PluralRules('pl').select(3),
      new Intl.NumberFormat('fr').format(1234.5),
      Intl.Collator.supportedLocalesOf(['de-DE', 'fr', 'pl']),
      ['łza', 'lza', 'lż', 'mama', 'luz'].sort(new Intl.Collator('pl').compare),
    ];`;
  const locales = ['de', 'de-AT', 'zh-TW', 'pl-PL', 'de'];
  const f = await defineJs(t, { source, locales }, { initTimeoutMs: 120_000 });
  t.deepEqual(await f.call(undefined, { fn: 'german' }), [
    '1.234,5',
    '€\u00a01.234,50',
    'Donnerstag, 1. Januar 1970',
    'gestern',
    'a, b und c',
  ]);
  t.deepEqual(await f.call(), [
    '1.2萬',
    'few',
    '1,234.5',
    ['de-DE', 'pl'],
    ['luz', 'lza', 'lż', 'łza', 'mama'],
  ]);
});

test('locales that are not used cost nothing', async (t) => {
  const text = 'export default (a, b) => a < b;';
  const bundled = async (locales: readonly string[]): Promise<string> =>
    (await bundleJs({ kind: 'text', text, language: 'js', packages: true, locales })).code;
  t.is(await bundled(['de', 'fr']), await bundled([]));
});

test('a locale that there is none of is refused with those that there are', async (t) => {
  const engine = await startEngine(t, { workers: 1 });
  const refused: [unknown, RegExp][] = [
    [['de', 'xx'], /^js\.locales\[1\] is "xx"; it must be one of af, am, .*, de, de-AT, .*, zu$/],
    [['no such'], /^js\.locales\[0\] is "no such"; it must be one of af/],
    ['de', /^js\.locales is "de"; it must be a list of names of locales/],
    [['de', 5], /^js\.locales\[1\] is 5; it must be the name of a locale/],
  ];
  for (const [locales, message] of refused) {
    const error = await defineError(engine, { source: 'export default 1;', locales } as JsSource);
    t.is(error.code, 'SNAPVM_CONFIG_VALUE');
    t.regex(error.message, message);
  }
});

test('words are in the order of the locale', async (t) => {
  const locales = ORDERED.filter((locale) => Intl.Collator.supportedLocalesOf(locale).length > 0);
  if (locales.length < ORDERED.length) t.log(`compared are ${locales.join(', ')}: this Node has no others`);
  const source = `export default ([locale, words]) => words.sort(new Intl.Collator(locale).compare);
    export const compared = ([locale, words]) => words.sort((one, other) => one.localeCompare(other, locale));`;
  const f = await defineJs(t, { source, locales: ORDERED }, { initTimeoutMs: 120_000 });
  for (const locale of ['en', ...locales]) {
    const letters = [...new Set(`abcdefghijklmnopqrstuvwxyz${ORDER_LETTERS[locale] ?? ''}`.match(/\S/gu))];
    const words = letters
      .flatMap((letter) => [`${letter}a`, `${letter.toUpperCase()}z`, `${letter}z`])
      .sort();
    const right = [...words].sort(new Intl.Collator(locale).compare);
    t.deepEqual(await f.call([locale, words]), right, locale);
    t.deepEqual(await f.call([locale, words], { fn: 'compared' }), right, locale);
  }
});

test('fetch fails, and says that host functions are the way out', async (t) => {
  const js = `export default async () => { try { await fetch('http://a.example/'); } catch (error) {
    return [error.name, error.cause.code, error.cause.message]; } };`;
  const [name, code, message] = (await (await defineJs(t, js, { initTimeoutMs: 60_000 })).call()) as string[];
  t.deepEqual([name, code], ['TypeError', 'ERR_FEATURE_UNAVAILABLE_ON_PLATFORM']);
  t.regex(message ?? '', /^fetch \(of http:\/\/a\.example\/\) is not there.*host\.name/);
});
