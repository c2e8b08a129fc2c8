/**
 * What modules may use beside the language and packages: modules of Node, and globals of Node and of the web. They are
 * built (guest/js/platform/) into modules that share their parts; a bundle gets those that it imports or reads.
 */
import { readFile } from 'node:fs/promises';
import { posix } from 'node:path';
import type { PluginBuild } from 'esbuild';
import { SnapvmError } from '../../base/errors.js';
import { distPath } from '../../base/package-files.js';
import { MODULE_WITH_FILES, provideCreateRequire } from './created-require.js';
import { DEFERRED_MODULE } from './import-phases.js';
import { LocaleData, localeModules } from './locales.js';
import { deferMissing } from './missing-requires.js';

/** The namespace of its modules: stacks show them as those of Node. */
const NAMESPACE = 'node';
/** How the entry imports what installs globals. */
export const GLOBALS_MODULE = 'snapvm:globals';
const ROOT = 'guest/js/platform';

/** The modules of Node that do something in a guest. */
const BUILT = [
  'assert',
  'assert/strict',
  'async_hooks',
  'buffer',
  'console',
  'constants',
  'crypto',
  'diagnostics_channel',
  'events',
  'fs',
  'fs/promises',
  'http',
  'https',
  'module',
  'net',
  'os',
  'path',
  'path/posix',
  'path/win32',
  'perf_hooks',
  'process',
  'punycode',
  'querystring',
  'stream',
  'stream/consumers',
  'stream/promises',
  'stream/web',
  'string_decoder',
  'sys',
  'timers',
  'timers/promises',
  'tty',
  'url',
  'util',
  'util/types',
  'worker_threads',
  'zlib',
];
/** Those of which nothing works without a host. */
const HOST_ONLY = [
  'child_process',
  'cluster',
  'dgram',
  'dns',
  'dns/promises',
  'domain',
  'http2',
  'inspector',
  'inspector/promises',
  'readline',
  'readline/promises',
  'repl',
  'tls',
  'trace_events',
  'v8',
  'vm',
  'wasi',
];
/** The same, and known with their prefix only. */
const PREFIXED = ['sea', 'sqlite', 'test', 'test/reporters'];

const NODE_MODULE = new RegExp(
  `^(?:(?:node:)?(?:${[...BUILT, ...HOST_ONLY].join('|')})|node:(?:${PREFIXED.join('|')}))$`,
);

/** Others by the same kind of name: what newer versions of Node have, and its inside. */
const NO_MODULE = /^(?:node:|_(?:http|stream|tls)_)/;

/** What a bundle gets of the platform beside what it imports. */
export interface PlatformNeeds {
  /** What installs the globals that it reads. */
  readonly globals: readonly string[];
  /** Modules of Node that it asks for while it runs. */
  readonly required: readonly string[];
  /** Those that its parts of Intl know beside English. */
  readonly locales: readonly string[];
}

export function hasPlatform({ globals, required }: PlatformNeeds): boolean {
  return globals.length > 0 || required.length > 0;
}

/** What installs a global, by its name. */
const GLOBALS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    abort: ['AbortController', 'AbortSignal'],
    blob: ['Blob', 'File', 'FormData'],
    buffer: ['Buffer'],
    compression: ['CompressionStream', 'DecompressionStream'],
    events: ['CustomEvent', 'Event', 'EventTarget', 'MessageEvent'],
    'intl-base': ['Intl'],
    fetch: ['fetch', 'Headers', 'Request', 'Response'],
    messages: ['MessageChannel', 'MessagePort'],
    performance: ['PerformanceEntry', 'PerformanceMark', 'PerformanceMeasure'],
    process: ['process'],
    subtle: ['CryptoKey', 'SubtleCrypto'],
    streams: [
      'ByteLengthQueuingStrategy',
      'CountQueuingStrategy',
      'ReadableByteStreamController',
      'ReadableStream',
      'ReadableStreamBYOBReader',
      'ReadableStreamBYOBRequest',
      'ReadableStreamDefaultController',
      'ReadableStreamDefaultReader',
      'TextDecoderStream',
      'TextEncoderStream',
      'TransformStream',
      'TransformStreamDefaultController',
      'WritableStream',
      'WritableStreamDefaultController',
      'WritableStreamDefaultWriter',
    ],
  }).flatMap(([file, names]) => names.map((name) => [name, file] as const)),
);
/** What adds to a global that every guest has, and what shows that somebody needs it. */
const ADDITIONS: readonly (readonly [file: string, use: RegExp])[] = [
  ['performance', /\bperformance\.(?:mark|measure|clearM|getEntries|timerify|eventLoop)/],
  ['subtle', /\bsubtle\b/],
  ['require', /\b__require\b/],
  ['streams', /\.toWeb\(/],
  ['brotli', /brotliDecompress/i],
  ['windows', /\.win32\b|\bwin32\s*[,}]/],
  ['encodings', /\bTextDecoder\((?!\)|["'](?:utf-?8|utf-16le)["']|(?:void 0|undefined)\b)/i],
  ['intl-number', /\.toLocaleString\((?!\))/],
  ['intl-date', /\.toLocale(?:Date|Time)?String\((?!\))/],
];
/** The parts of Intl, by the names that code which reads Intl has them by. */
const INTL: ReadonlyMap<string, string> = new Map([
  ['Collator', 'intl-collator'],
  ['DateTimeFormat', 'intl-date'],
  ['ListFormat', 'intl-list'],
  ['Locale', 'intl-locale'],
  ['NumberFormat', 'intl-number'],
  ['PluralRules', 'intl-plural'],
  ['RelativeTimeFormat', 'intl-relative'],
  ['Segmenter', 'intl-segmenter'],
]);
/** What programs call the global object. */
const GLOBAL_OBJECTS = ['globalThis', 'global', 'self'];

/** For esbuild's `define`: free names, and those read of the global object, are spelled in one way. */
export const GLOBAL_NAMES: Readonly<Record<string, string>> = Object.fromEntries([
  ['global', 'globalThis'],
  ...[...GLOBALS.keys()].flatMap((name) =>
    [name, ...GLOBAL_OBJECTS.map((object) => `${object}.${name}`)].map((read) => [
      read,
      `globalThis.${name}`,
    ]),
  ),
]);

/** Where a function's locales change what text is compared by. */
const COMPARES = /\.localeCompare\(/;

/** The globals that bundled code reads, as what installs them. `locales`: those that the function asks for. */
export function globalsReadBy(code: string, locales: readonly string[] = []): readonly string[] {
  const read = [...code.matchAll(/\bglobalThis\.(\w+)|["'](\w+)["'] in globalThis\b/g)];
  const taken = [...code.matchAll(/\{([^{}]*)\} = globalThis;/g)].flatMap(([, names = '']) =>
    [...names.matchAll(/\b(\w+)\b\s*(?=[,:=]|$)/g)].map(([, name]) => name),
  );
  const names = [...read.map(([, dotted, quoted]) => dotted ?? quoted), ...taken];
  const files = names.flatMap((name) => GLOBALS.get(name ?? '') ?? []);
  const added = ADDITIONS.filter(([, use]) => use.test(code)).map(([file]) => file);
  const intl = files.includes('intl-base')
    ? [...INTL].filter(([name]) => new RegExp(`\\b${name}\\b`).test(code))
    : [];
  const compares = locales.length > 0 && COMPARES.test(code) ? ['intl-collator'] : [];
  return [...new Set([...files, ...added, ...intl.map(([, file]) => file), ...compares])].sort();
}

/** What a bundle installs, and what the platform's own packages read without importing it. */
export function withReadByPlatform(globals: readonly string[], code: string): readonly string[] {
  const more = ['buffer', 'process'].filter((name) => globalsReadBy(code).includes(name));
  return [...new Set([...globals, ...more])].sort();
}

/** Modules of Node that bundled code asks for by a function that esbuild does not know for `require`. */
export function requiredLater(code: string): readonly string[] {
  if (!/createRequire|__require\b/.test(code)) return [];
  const asked = [...code.matchAll(/[rR]equire[\w$]{0,20}\)?\(["']([\w:/]{1,40})["']\)/g)];
  const names = new Set(asked.map(([, name]) => name ?? ''));
  return [...names].filter((name) => NODE_MODULE.test(name)).sort();
}

/**
 * Gives modules what they import of the platform. What a bundle needs may change from build to build; names of files
 * are shown from `cwd`.
 */
export function providePlatform(build: PluginBuild, needs: () => PlatformNeeds, cwd: string): void {
  const namespace = NAMESPACE;
  const localeData = new LocaleData();
  provideCreateRequire(build, cwd);
  build.onResolve({ filter: new RegExp(`^${MODULE_WITH_FILES}$`) }, () => ({
    path: '/node/module.js',
    namespace,
  }));
  build.onResolve({ filter: NODE_MODULE }, ({ path }) => ({
    path: path.replace(/^node:/, ''),
    namespace,
  }));
  // esbuild would leave them to whoever runs the bundle.
  build.onResolve({ filter: NO_MODULE }, ({ path }) => ({
    errors: [{ text: `Could not resolve "${path}"` }],
  }));
  deferMissing(build);
  // Where nothing is needed it is empty, and nothing is left of it.
  build.onResolve({ filter: new RegExp(`^${GLOBALS_MODULE}$`) }, () => ({ path: GLOBALS_MODULE, namespace }));
  build.onResolve({ filter: new RegExp(`^${DEFERRED_MODULE}$`) }, () => ({
    path: '/deferred.js',
    namespace,
  }));
  build.onResolve({ filter: /^\.{0,2}\//, namespace }, ({ path, importer }) => ({
    path: posix.resolve('/', posix.dirname(importer), path),
    namespace,
  }));
  build.onLoad({ filter: /./, namespace }, async ({ path }) => {
    if (path === GLOBALS_MODULE) return { contents: installing(needs()) };
    return { contents: (await localeData.moduleAt(path)) ?? (await partAt(path)) };
  });
}

async function partAt(path: string): Promise<string | Uint8Array> {
  if (path.startsWith('/')) return await readPart(path);
  // As CommonJS: a package may import names that are not there, as long as it does not use them.
  const module = BUILT.includes(path)
    ? `require('/node/${path}.js').default`
    : `require('/host.js').hostModule('${path.replace('/', '.')}')`;
  return `module.exports = ${module}`;
}

function installing({ globals, required, locales }: PlatformNeeds): string {
  const lines = globals.map((name) => `import '/globals/${name}.js';`);
  lines.push(...localeModules(locales, globals).map((path) => `import '${path}';`));
  if (required.length > 0) lines.push("import provide from '/globals/require.js';");
  const provided = required.map(
    (name) => `provide('${name.replace(/^node:/, '')}', () => require('${name}'));`,
  );
  return [...lines, ...provided].join('\n');
}

const parts = new Map<string, Uint8Array>();

/** Kept once read: each function that needs it is bundled two or three times. */
async function readPart(name: string): Promise<Uint8Array> {
  const path = distPath(ROOT + name);
  try {
    const part = parts.get(name) ?? (await readFile(path));
    parts.set(name, part);
    return part;
  } catch (cause) {
    throw new SnapvmError(
      'SNAPVM_INTERNAL',
      `the JavaScript platform's ${path} cannot be read; build it with "npm run build"`,
      { path },
      { cause },
    );
  }
}
