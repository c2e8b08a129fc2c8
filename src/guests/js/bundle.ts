/** JavaScript and TypeScript modules, and what they import, as one script that the runtime understands. */
import { basename, join } from 'node:path';
import type { BuildOptions, BuildResult, Plugin, PluginBuild } from 'esbuild';
import { SnapvmError } from '../../errors.js';
import { bundleError } from './bundle-errors.js';
import { withEsbuild } from './esbuild-service.js';
import { ENTRY, NOT_A_PACKAGE, TEXT_NAMESPACE } from './names.js';
import type { CheckedJsSource } from './source.js';

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

/** The name of the function that the module's namespace is given to. */
const KEEP = '__snapvm_keep';
/** What a text may import: packages, and files inside of them. */
const PACKAGE = /^(?:[a-z]+:)?(?:@[\w-][\w.-]*\/)?[\w-][\w.-]*(?:\/(?!\.\.?(?:\/|$))[^/]+)*$/i;
/** An import of an expression that begins as the path of a file. */
const FILE_PATTERN =
  /\b(?:import|require)\((?:\s|\(|\/\*.*?\*\/)*(?:`\.{1,2}\/[^`]*\$\{|["']\.{1,2}\/[^"']*["'](?:\s|\/\*.*?\*\/)*\+)/s;
const PATTERN = 'a text imports packages only, and no pattern of files';
const RESOLVING = 'snapvm: resolving';
/** How the entry imports the user's module. */
const USER_MODULE = 'snapvm:function';
/** On the script's first line, so that its lines are those of the source map. */
const HEAD = `"use strict";(async(${KEEP})=>{`;
const TAIL = '\n})';

/** ES2020 is what the engine knows, and what more of the syntax it knows without a mistake. */
const SYNTAX: Record<string, boolean> = {
  'class-field': true,
  'class-private-field': true,
  'class-private-method': true,
  'class-private-accessor': true,
  'logical-assignment': true,
  'top-level-await': true,
};
/** What the engine gets wrong, and is seldom enough written for everything else to stay as it is. */
const ODDITIES: readonly (readonly [written: RegExp, feature: string])[] = [
  [/^\s+(?:async|get|set)(?: = |;)/m, 'class-field'], // fields of these names: a syntax error
  [/\bdelete [^;\n]*\?\./, 'optional-chain'], // deletes nothing
];
/** A method of this name is a syntax error to the engine; no call of a function can have it. */
const ODD_METHOD = /^(\s+)static\(/gm;

/** @throws SnapvmError `SNAPVM_JS_SYNTAX`, `SNAPVM_JS_BUNDLE` */
export async function bundleJs(source: CheckedJsSource): Promise<Bundle> {
  const name = source.kind === 'file' ? basename(source.path) : `function.${source.language}`;
  if (source.kind === 'text') await refusePatterns(source);
  let result = await run(source, name, SYNTAX);
  const odd = ODDITIES.filter(([written]) => written.test(textOf(result, 'js')));
  if (odd.length > 0) {
    const without = Object.fromEntries(odd.map(([, feature]) => [feature, false]));
    result = await run(source, name, { ...SYNTAX, ...without });
  }
  return {
    name,
    code: `${HEAD}${textOf(result, 'js').replaceAll(ODD_METHOD, '$1["static"](')}${TAIL}`,
    map: textOf(result, 'map'),
    warnings: result.warnings.map(({ text, location }) =>
      location === null ? text : `${location.file}:${location.line}:${location.column + 1}: ${text}`,
    ),
  };
}

async function run(
  source: CheckedJsSource,
  name: string,
  supported: Record<string, boolean>,
): Promise<BuildResult> {
  const cwd = process.cwd();
  const options: BuildOptions = {
    stdin: {
      contents: `import * as exported from '${USER_MODULE}'; ${KEEP}(exported);`,
      resolveDir: cwd,
      sourcefile: ENTRY,
    },
    absWorkingDir: cwd,
    // Never written; the sources in the map are relative to it.
    outfile: join(cwd, 'function.bundle.js'),
    write: false,
    bundle: true,
    format: 'esm',
    // Packages that come in several kinds: the one that needs least of its surroundings.
    platform: 'browser',
    target: 'es2020',
    supported,
    define: {
      'process.env.NODE_ENV': '"production"',
      'import.meta': JSON.stringify({ url: `file:///${encodeURIComponent(name)}` }),
    },
    keepNames: true,
    sourcemap: 'external',
    sourcesContent: true,
    charset: 'utf8',
    legalComments: 'none',
    logLevel: 'silent',
    plugins: [userModule(source, name, cwd)],
  };
  try {
    return await withEsbuild((esbuild) => esbuild.build(options));
  } catch (cause) {
    throw bundleError(cause, source);
  }
}

/** Gives the entry's import its file or text. */
function userModule(source: CheckedJsSource, name: string, cwd: string): Plugin {
  return {
    name: 'snapvm',
    setup(build) {
      build.onResolve({ filter: /^snapvm:function$/ }, () =>
        source.kind === 'file' ? { path: source.path } : { path: name, namespace: TEXT_NAMESPACE },
      );
      if (source.kind === 'file') return;
      build.onLoad({ filter: /./, namespace: TEXT_NAMESPACE }, () => ({
        contents: source.text,
        loader: source.language,
      }));
      restrictToPackages(build, cwd);
    },
  };
}

/** A text may be a stranger's: the files of this machine are none of its business. */
function restrictToPackages(build: PluginBuild, cwd: string): void {
  const asked = new Set<string>();
  build.onResolve({ filter: /./ }, async ({ path, kind, importer, namespace, resolveDir, pluginData }) => {
    if (pluginData === RESOLVING || namespace === '') return undefined;
    const isText = namespace === TEXT_NAMESPACE;
    if (isText && !PACKAGE.test(path)) return { errors: [{ text: unresolved(path), detail: NOT_A_PACKAGE }] };
    const from = isText ? { resolveDir: cwd, importer: ENTRY } : { resolveDir, importer, namespace };
    const found = await build.resolve(path, { kind, ...from, pluginData: RESOLVING });
    if (found.errors.length > 0) return { errors: [{ text: unresolved(path) }] };
    asked.add(found.path);
    return found;
  });
  // What a pattern matches was not asked for.
  build.onLoad({ filter: /./, namespace: 'file' }, ({ path }) =>
    asked.has(path) ? undefined : { errors: [{ text: PATTERN, detail: NOT_A_PACKAGE }] },
  );
}

function unresolved(path: string): string {
  return `Could not resolve "${path}"`;
}

/** esbuild would look for all files that `import()` of an expression could mean. @throws SnapvmError `SNAPVM_JS_BUNDLE` */
async function refusePatterns({ text, language }: Extract<CheckedJsSource, { kind: 'text' }>): Promise<void> {
  if (!/import|require/.test(text)) return;
  let plain: string;
  try {
    plain = (
      await withEsbuild((esbuild) => esbuild.transform(text, { loader: language, logLevel: 'silent' }))
    ).code;
  } catch {
    return; // bundling says it better
  }
  if (!FILE_PATTERN.test(plain)) return;
  throw new SnapvmError('SNAPVM_JS_BUNDLE', `${PATTERN}; to import files, give the module as { file }`);
}

function textOf({ outputFiles = [] }: BuildResult, ending: string): string {
  return outputFiles.find(({ path }) => path.endsWith(`.${ending}`))?.text ?? '';
}
