/** JavaScript and TypeScript modules, and what they import, as one script that the runtime understands. */

import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { BuildOptions, BuildResult, Message, Plugin } from 'esbuild';
import { systemError } from '../../base/errno.js';
import { SnapvmError } from '../../base/errors.js';
import { withoutPrototype } from '../../base/realms.js';
import { workingDirectory } from '../../base/working-directory.js';
import { bundleError, locationsOf } from './bundle-errors.js';
import { type Esbuild, withEsbuild } from './esbuild-service.js';
import { deferredWithAwait, ImportPhases } from './import-phases.js';
import { ImportTrail, isOfPackage } from './import-trail.js';
import { findLocales } from './locales.js';
import { ENTRY, TEXT, TEXT_NAMESPACE } from './names.js';
import {
  GLOBAL_NAMES,
  GLOBALS_MODULE,
  globalsReadBy,
  hasPlatform,
  type PlatformNeeds,
  providePlatform,
  requiredLater,
  withReadByPlatform,
} from './platform.js';
import type { CheckedJsSource } from './source.js';
import { refusePatterns, restrictToPackages, withoutSourceMap } from './text-imports.js';

/** A module as the runtime evaluates it. */
export interface Bundle {
  /** What stacks call the script. */
  readonly name: string;
  /** An async function's expression; it gives the module's namespace to its argument. */
  readonly code: string;
  /** The source map of `code`, as JSON. */
  readonly map: string;
  /** What esbuild finds odd, a line each. */
  readonly warnings: readonly string[];
}

/** `transform` where a comment names the function that makes elements. */
type Jsx = 'automatic' | 'transform';

/** The name of the function that the module's namespace is given to. */
const KEEP = '__snapvm_keep';
/** How the entry imports the user's module. */
const USER_MODULE = 'snapvm:function';
/** On the script's first line, so that its lines are those of the source map. */
const HEAD = `"use strict";(async(${KEEP})=>{`;
const TAIL = '\n})';

/** What the engine does not know of what is no proposal any more for esbuild. */
const SYNTAX: Record<string, boolean> = { decorators: false };

const NOTHING: PlatformNeeds = { globals: [], required: [], locales: [] };

/** What is bundled. */
interface Subject {
  readonly source: CheckedJsSource;
  /** What stacks call it. */
  readonly name: string;
  /** Those it may need, by the names of their data. */
  readonly locales: readonly string[];
  /** Where packages are looked for; without it a text imports nothing. */
  readonly packages: string | undefined;
  readonly phases: ImportPhases;
}

/** A stranger's text has far less to do in this time, on a machine that is busy too. */
const TEXT_MS = 30_000;
const TEXT_BYTES = 2 ** 30;
/** As text: what is larger is no function, and each MiB costs esbuild some 50. */
const MOST_TEXT = 8 * 2 ** 20;
/** Modules of the host's own: after this esbuild's process does not answer. */
const FILE_MS = 120_000;

/**
 * Bundles a module and what it imports. `signal` ends that, with its reason.
 * @throws SnapvmError `SNAPVM_JS_SYNTAX`, `SNAPVM_JS_BUNDLE`, `SNAPVM_HOST_MEMORY`, `SNAPVM_CONFIG_VALUE`
 */
export async function bundleJs(source: CheckedJsSource, signal?: AbortSignal): Promise<Bundle> {
  const locales = await findLocales(source.locales);
  if (source.kind === 'file') {
    await refuseUnreadable(source.path);
    const limits = { ms: FILE_MS, bytes: Number.POSITIVE_INFINITY, signal };
    return await withEsbuild((esbuild) => bundleWith(esbuild, source, locales), limits);
  }
  const { length } = source.text;
  if (length > MOST_TEXT) {
    const message = `the text has ${length} characters; at most ${MOST_TEXT} are bundled (give it as { file })`;
    throw new SnapvmError('SNAPVM_JS_BUNDLE', message, { limit: 'size', length });
  }
  const limits = { ms: TEXT_MS, bytes: TEXT_BYTES, signal };
  return await withEsbuild((esbuild) => bundleWith(esbuild, source, locales), limits);
}

async function bundleWith(
  esbuild: Esbuild,
  source: CheckedJsSource,
  locales: readonly string[],
): Promise<Bundle> {
  const name = source.kind === 'file' ? basename(source.path) : `function.${source.language}`;
  if (source.kind === 'text') await refusePatterns(esbuild, source.text, source.language);
  const packages = source.kind === 'text' && !source.packages ? undefined : workingDirectory();
  const subject = { source, name, locales, packages, phases: new ImportPhases() };
  const result =
    (await bundleAs('automatic', esbuild, subject)) ?? (await bundleAs('transform', esbuild, subject));
  if (subject.phases.areThere) refuseToWait(textOf(result, 'js'));
  return {
    name,
    code: `${HEAD}${textOf(result, 'js')}${TAIL}`,
    map: textOf(result, 'map'),
    warnings: warningsOf(result, source),
  };
}

/**
 * Bundles what is there, then again with what that is seen to need; esbuild keeps what it has parsed.
 * @returns `undefined` if JSX is not to be taken so: a comment names the function that makes elements
 */
async function bundleAs(
  jsx: 'automatic',
  esbuild: Esbuild,
  subject: Subject,
): Promise<BuildResult | undefined>;
async function bundleAs(jsx: 'transform', esbuild: Esbuild, subject: Subject): Promise<BuildResult>;
async function bundleAs(jsx: Jsx, esbuild: Esbuild, subject: Subject): Promise<BuildResult | undefined>;
async function bundleAs(jsx: Jsx, esbuild: Esbuild, subject: Subject): Promise<BuildResult | undefined> {
  let needs = NOTHING;
  const { source, locales, packages, phases } = subject;
  const plugin = withoutPrototype(userModule(subject, () => needs));
  const options = optionsFor(subject, jsx, plugin);
  const context = await esbuild.context(options);
  try {
    let result = await context.rebuild();
    if (jsx === 'automatic' && namesFactory(result)) return undefined;
    const code = textOf(result, 'js');
    needs = { globals: globalsReadBy(code, locales), required: requiredLater(code), locales };
    if (!hasPlatform(needs)) return result;
    result = await context.rebuild();
    const globals = withReadByPlatform(needs.globals, textOf(result, 'js'));
    if (globals.length === needs.globals.length) return result;
    needs = { ...needs, globals };
    return await context.rebuild();
  } catch (cause) {
    if (jsx === 'automatic' && namesFactory(cause)) return undefined;
    if (await phases.note(cause, ownText(source), packages ?? '/'))
      return await bundleAs(jsx, esbuild, subject);
    const trail = await trailTo(cause, esbuild, options);
    throw bundleError(cause, source, (file) => trail?.ownImport(file, packages ?? '/'));
  } finally {
    await context.dispose();
  }
}

function refuseToWait(code: string): void {
  const file = deferredWithAwait(code);
  if (file === undefined) return;
  const message = `${file} cannot be deferred: it, or what it imports, has a top-level await; import it without defer`;
  throw new SnapvmError('SNAPVM_JS_BUNDLE', message);
}

/** Whether a comment names the function that makes elements: of a bundle, or of what esbuild threw. */
function namesFactory(result: unknown): boolean {
  const { warnings }: { warnings?: readonly Message[] } = Object(result);
  return warnings?.some(({ id }) => id === 'unsupported-jsx-comment') === true;
}

/** esbuild would wait for whoever writes a pipe, and read a device for ever. */
async function refuseUnreadable(path: string): Promise<void> {
  const reason = await whyUnreadable(path);
  if (reason === undefined) return;
  const message = `the module ${JSON.stringify(path)} cannot be read: ${reason}`;
  throw new SnapvmError('SNAPVM_JS_BUNDLE', message, { file: path });
}

async function whyUnreadable(path: string): Promise<string | undefined> {
  try {
    await access(path, constants.R_OK);
    const found = await stat(path);
    if (found.isDirectory()) return 'it is a directory';
    return found.isFile() ? undefined : 'it is not a regular file';
  } catch (error) {
    return systemError(error).reason;
  }
}

function optionsFor({ source, name, packages }: Subject, jsx: Jsx, plugin: Plugin): BuildOptions {
  // A text then imports nothing.
  const cwd = packages ?? '/';
  // esbuild takes what options inherit for options too.
  return withoutPrototype({
    stdin: withoutPrototype({
      contents: `import '${GLOBALS_MODULE}'; import * as exported from '${USER_MODULE}'; ${KEEP}(exported);`,
      resolveDir: cwd,
      sourcefile: ENTRY,
    }),
    absWorkingDir: cwd,
    // Never written; the sources in the map are relative to it.
    outfile: join(cwd, 'function.bundle.js'),
    write: false,
    bundle: true,
    format: 'esm',
    // Packages that come in several kinds: the one for Node, whose modules are here. Many for browsers need a DOM.
    platform: 'node',
    jsx,
    loader: withoutPrototype({ '.js': 'jsx', '.mjs': 'jsx', '.cjs': 'jsx' } as const),
    target: 'esnext',
    supported: withoutPrototype(SYNTAX),
    define: withoutPrototype({
      ...GLOBAL_NAMES,
      'process.env.NODE_ENV': '"production"',
      __dirname: '"/"',
      __filename: JSON.stringify(`/${name}`),
      'import.meta': JSON.stringify({ url: `file:///${encodeURIComponent(name)}` }),
    }),
    keepNames: true,
    sourcemap: 'external',
    // Stacks need names and positions.
    sourcesContent: false,
    charset: 'utf8',
    legalComments: 'none',
    logLevel: 'silent',
    // Its settings are for the files of a project; paths in it would make packages of them.
    ...(source.kind === 'text' && { tsconfigRaw: {} }),
    plugins: [plugin],
  });
}

/** Who imports what, if what failed is in a package. */
async function trailTo(
  cause: unknown,
  esbuild: Esbuild,
  options: BuildOptions,
): Promise<ImportTrail | undefined> {
  if (!locationsOf(cause).some(isOfPackage)) return undefined;
  const trail = new ImportTrail();
  const plugins = [withoutPrototype(trail.plugin()), ...(options.plugins ?? [])];
  // It fails as before.
  await esbuild.build(withoutPrototype({ ...options, plugins })).catch(() => {});
  return trail;
}

/** What esbuild gets of a text. */
function ownText(source: CheckedJsSource): string | undefined {
  return source.kind === 'text' ? withoutSourceMap(source.text) : undefined;
}

/** Gives the entry's import its file or text. */
function userModule({ source, name, packages, phases }: Subject, needs: () => PlatformNeeds): Plugin {
  return {
    name: 'snapvm',
    setup(build) {
      build.onResolve({ filter: /^snapvm:function$/ }, () =>
        source.kind === 'file' ? { path: source.path } : { path: name, namespace: TEXT_NAMESPACE },
      );
      providePlatform(build, needs, packages ?? '/');
      phases.provide(build);
      if (source.kind === 'file') return;
      build.onLoad({ filter: /./, namespace: TEXT_NAMESPACE }, () => ({
        contents: phases.text ?? withoutSourceMap(source.text),
        loader: source.language === 'js' ? 'jsx' : 'ts',
      }));
      restrictToPackages(build, packages, source.packages);
    },
  };
}

/** For a text without those about files of packages, whose words they quote. */
function warningsOf({ warnings }: BuildResult, { kind }: CheckedJsSource): readonly string[] {
  return warnings
    .filter(({ location }) => kind === 'file' || location === null || location.file.startsWith(TEXT))
    .map(({ text, location }) =>
      location === null ? text : `${location.file}:${location.line}:${location.column + 1}: ${text}`,
    );
}

function textOf({ outputFiles = [] }: BuildResult, ending: string): string {
  return outputFiles.find(({ path }) => path.endsWith(`.${ending}`))?.text ?? '';
}
