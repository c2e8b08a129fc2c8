/** Static Linux programs for tests: found, or compiled once and kept in dist by what they are made of. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { UNDER_QEMU } from './sandbox.js';

/** Something a test needs, or why it is not here. */
export type Found<T> = { readonly value: T } | { readonly missing: string };

const PROJECT = fileURLToPath(new URL('../../../', import.meta.url));
const CACHE = join(PROJECT, 'dist/test-programs');
const SOURCES = join(PROJECT, 'test/linux-programs');
const RUNNER = join(PROJECT, 'test/support/linux-runner.c');
const CONDITION = join(PROJECT, 'test/support/condition.c');
const BOUNDS = join(PROJECT, 'test/support/linux-bounds.cpp');
const NATIVE = join(PROJECT, 'native');
/** What node-gyp compiled for the addon. */
const OBJECTS = join(PROJECT, 'build/Release/obj.target/snapvm/native/linux');
const LUA_HEADERS = '/usr/include/lua5.4';
const LUA_LIBRARY = '/usr/lib/x86_64-linux-gnu/liblua5.4.a';
const OPENSSL_LIBRARY = '/usr/lib/x86_64-linux-gnu/libcrypto.a';
const QUICKJS_PARENT = join(PROJECT, 'node_modules/qjsc/deps');

/** How a C program is made static, by the name its tests have. */
const KINDS = {
  glibc: { compiler: 'gcc', flags: ['-static'], from: 'gcc and libc6-dev' },
  'static-PIE': { compiler: 'gcc', flags: ['-static-pie', '-fPIE'], from: 'gcc and libc6-dev' },
  musl: { compiler: 'musl-gcc', flags: ['-static'], from: 'musl-tools' },
} as const;
export type Kind = keyof typeof KINDS;
/** One is enough where all takes thirty times as long. */
export const ALL_KINDS: readonly Kind[] = UNDER_QEMU ? ['glibc'] : ['glibc', 'static-PIE', 'musl'];
/** Those that need no position-independent code. */
export const TWO_KINDS = UNDER_QEMU ? (['glibc'] as const) : (['glibc', 'musl'] as const);
const COMMON_FLAGS = [
  '-std=gnu11',
  '-O1',
  '-Wall',
  '-Wextra',
  '-Werror',
  '-Wno-nonnull',
  '-Wno-stringop-overflow',
  '-Wno-stringop-overread',
];

const versions = new Map<string, string | undefined>();
/** What a compiler says it is; undefined if it is not installed. */
function versionOf(compiler: string): string | undefined {
  if (!versions.has(compiler)) {
    const { status, stdout } = spawnSync(compiler, ['--version'], { encoding: 'utf8' });
    versions.set(compiler, status === 0 ? stdout : undefined);
  }
  return versions.get(compiler);
}

/** A program compiled when it is first asked for. */
type Lazy = () => string;

function needs(compiler: string, from: string, files: readonly string[], build: Lazy): Found<Lazy> {
  if (versionOf(compiler) === undefined) return { missing: `needs ${compiler} (Debian: ${from})` };
  const missing = files.find((file) => !existsSync(file));
  return missing === undefined ? { value: build } : { missing: `needs ${missing} (${from})` };
}

function contents(path: string): readonly Uint8Array[] {
  if (!statSync(path).isDirectory()) return [readFileSync(path)];
  return readdirSync(path)
    .sort()
    .flatMap((name) => contents(join(path, name)));
}

/**
 * Runs commands in an empty folder and keeps the file "program" they leave there. Built once for the same commands,
 * compilers and inputs, over test runs too: QuickJS takes ten seconds. Processes that build at once do so twice.
 */
function build(name: string, commands: readonly (readonly string[])[], inputs: readonly string[]): string {
  const hash = createHash('sha256').update(JSON.stringify(commands));
  for (const [compiler = ''] of commands) hash.update(versionOf(compiler) ?? '');
  for (const bytes of inputs.flatMap(contents)) hash.update(bytes);
  const kept = join(CACHE, `${name}-${hash.digest('hex').slice(0, 24)}`);
  if (existsSync(kept)) return kept;
  mkdirSync(CACHE, { recursive: true });
  const folder = mkdtempSync(join(CACHE, 'building-'));
  try {
    for (const [program = '', ...args] of commands) {
      const run = spawnSync(program, args, { cwd: folder, encoding: 'utf8' });
      if (run.status !== 0) throw new Error(`${name}: ${program} ${args.join(' ')} failed:\n${run.stderr}`);
    }
    renameSync(join(folder, 'program'), kept);
  } finally {
    rmSync(folder, { recursive: true });
  }
  return kept;
}

/** A program of test/linux-programs, statically linked with one of the libraries. */
export function cProgram(name: string, kind: Kind, extraFlags: readonly string[] = []): Found<Lazy> {
  const { compiler, flags, from } = KINDS[kind];
  const source = join(SOURCES, `${name}.c`);
  const command = [compiler, ...COMMON_FLAGS, ...flags, ...extraFlags, source, '-o', 'program', '-lm'];
  return needs(compiler, from, [], () =>
    build(`${name}-${kind}`, [command], [source, join(SOURCES, 'show.h')]),
  );
}

/** A C++ program of test/linux-programs; Debian has no C++ library for musl. */
export function cppProgram(name: string, kind: 'glibc' | 'static-PIE'): Found<Lazy> {
  const source = join(SOURCES, `${name}.cpp`);
  const flags = ['-std=c++17', '-O1', '-Wall', '-Wextra', '-Werror', ...KINDS[kind].flags];
  const command = ['g++', ...flags, source, '-o', 'program'];
  return needs('g++', 'g++', [], () => build(`${name}-${kind}`, [command], [source]));
}

/** A program linked dynamically, as most are. */
export function dynamicProgram(name: string): Found<Lazy> {
  const source = join(SOURCES, `${name}.c`);
  const command = ['gcc', ...COMMON_FLAGS, source, '-o', 'program', '-lm'];
  return needs('gcc', 'gcc and libc6-dev', [], () =>
    build(`${name}-dynamic`, [command], [source, join(SOURCES, 'show.h')]),
  );
}

/** Lua 5.4 from Debian's static library, which is built for glibc: there is none for musl. */
export function lua(): Found<Lazy> {
  const source = join(SOURCES, 'lua-main.c');
  const flags = [...COMMON_FLAGS, '-static', `-I${LUA_HEADERS}`];
  const command = ['gcc', ...flags, source, LUA_LIBRARY, '-o', 'program', '-lm', '-ldl'];
  return needs('gcc', 'Debian: liblua5.4-dev', [LUA_LIBRARY], () =>
    build('lua', [command], [source, LUA_LIBRARY]),
  );
}

/** A program of test/linux-programs with OpenSSL from Debian's static library. */
export function openssl(name: string): Found<Lazy> {
  const source = join(SOURCES, `${name}.c`);
  // It would load names of hosts dynamically, which nothing here asks for: the linker says so, and that is all.
  const command = [
    'gcc',
    ...COMMON_FLAGS,
    '-static',
    source,
    OPENSSL_LIBRARY,
    '-o',
    'program',
    '-lm',
    '-ldl',
  ];
  return needs('gcc', 'Debian: libssl-dev', [OPENSSL_LIBRARY], () =>
    build(name, [command], [source, join(SOURCES, 'show.h'), OPENSSL_LIBRARY]),
  );
}

/** QuickJS's own command, from the sources in the npm package qjsc: its console is compiled by its own compiler. */
export function quickjs(kind: 'glibc' | 'musl'): Found<Lazy> {
  const version = existsSync(QUICKJS_PARENT) ? (readdirSync(QUICKJS_PARENT)[0] ?? '') : '';
  const folder = join(QUICKJS_PARENT, version);
  const { compiler, flags, from } = KINDS[kind];
  const make = (): string => {
    const library = ['quickjs', 'libregexp', 'libunicode', 'cutils', 'quickjs-libc', 'libbf'];
    const options = [
      '-O1',
      '-w',
      '-D_GNU_SOURCE',
      '-DCONFIG_VERSION="test"',
      '-DCONFIG_BIGNUM',
      `-I${folder}`,
    ];
    const sources = library.map((name) => join(folder, `${name}.c`));
    const libraries = ['-lm', '-ldl', '-lpthread'];
    const compileCompiler = ['gcc', ...options, ...sources, join(folder, 'qjsc.c'), '-o', 'program'];
    const qjsc = build('qjsc', [[...compileCompiler, ...libraries]], [folder]);
    const commands = [
      [qjsc, '-c', '-o', 'repl.c', '-m', join(folder, 'repl.js')],
      [qjsc, '-c', '-o', 'qjscalc.c', join(folder, 'qjscalc.js')],
      [
        compiler,
        ...options,
        ...flags,
        ...sources,
        join(folder, 'qjs.c'),
        'repl.c',
        'qjscalc.c',
        '-o',
        'program',
      ],
    ];
    return build(`qjs-${kind}`, [...commands.slice(0, 2), [...(commands[2] ?? []), ...libraries]], [folder]);
  };
  return needs(compiler, from, [folder], make);
}

/** Debian's static busybox. */
export function busybox(): Found<string> {
  const path = ['/bin/busybox', '/usr/bin/busybox'].find((file) => existsSync(file));
  if (path === undefined) return { missing: 'needs /bin/busybox (Debian: busybox-static)' };
  const programHeaders = spawnSync('readelf', ['-l', path], { encoding: 'utf8' });
  if (/INTERP/.test(programHeaders.stdout ?? ''))
    return { missing: `${path} is not static (busybox-static)` };
  return { value: path };
}

/** What runs a program on this machine's Linux; see its head comment. */
export function runner(): string {
  const command = ['gcc', ...COMMON_FLAGS, '-Wno-unused-result', '-static', RUNNER, '-o', 'program'];
  return build('linux-runner', [command], [RUNNER]);
}

/** What runs a program under conditions; see its head comment. */
export function conditionProgram(): string {
  const command = ['gcc', ...COMMON_FLAGS, '-static', CONDITION, '-o', 'program'];
  return build('condition', [command], [CONDITION]);
}

/** The addon's side of Linux programs, with a memory that counts; see its head comment. */
export function boundsProgram(): Found<Lazy> {
  const flags = ['-std=c++20', '-O1', '-Wall', '-Wextra', '-Werror', `-I${NATIVE}`];
  return needs('g++', 'g++; the addon as npm run build:native makes it', [OBJECTS], () => {
    const objects = readdirSync(OBJECTS)
      .filter((name) => name.endsWith('.o'))
      .map((name) => join(OBJECTS, name));
    const command = ['g++', ...flags, BOUNDS, ...objects, '-o', 'program'];
    return build(
      'linux-bounds',
      [command],
      [BOUNDS, join(PROJECT, 'test/support/counting-space.h'), ...objects],
    );
  });
}
