/**
 * What a text may import: code and JSON of packages. It may be a stranger's: the files of this machine are none of
 * its business, and neither is how much work it makes of looking for them.
 */

import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { PluginBuild } from 'esbuild';
import { SnapvmError } from '../../base/errors.js';
import { withoutPrototype } from '../../base/realms.js';
import type { Esbuild } from './esbuild-service.js';
import { ENTRY, NO_DIRECTORY, NO_PACKAGES, NOT_A_PACKAGE, packageOf, TEXT_NAMESPACE } from './names.js';
import { readPackageFile } from './package-files.js';

/** Packages, files inside of them, and modules of Node, which have an error of their own. */
const PACKAGE = /^(?:node:)?(?:@[\w-][\w.-]*\/)?[\w-][\w.-]*(?:\/(?!\.\.?(?:\/|$))[^/]+)*$/i;
/** In code without comments: an import of an expression that may begin as the path of a file. */
const FILE_PATTERN =
  /\b(?:import|require)(?:\?\.)?\((?!(?:"[^"\\]*"|'[^'\\]*'|`[^`\\$]*`)[),])(?:["'`]\.|""|''|``|`\$\{["'`])/;
const PATTERN = 'a text imports packages only, and no pattern of files';
const RESOLVING = 'snapvm: resolving';
/**
 * esbuild reads the file that a module names as its source map; the last one counts, and this one is as good
 * as none.
 */
const NO_MAP =
  '\n//# sourceMappingURL=data:application/json,{"version":3,"sources":[],"names":[],"mappings":""}';

/** The text as esbuild gets it. */
export function withoutSourceMap(text: string): string {
  return text.includes('sourceMappingURL=') ? text + NO_MAP : text;
}

/** Packages are looked for from `cwd`; without one there are none. If they are not `allowed` nothing is looked for. */
export function restrictToPackages(build: PluginBuild, cwd: string | undefined, allowed: boolean): void {
  const asked = new Set<string>();
  build.onResolve({ filter: /./ }, async ({ path, kind, importer, namespace, resolveDir, pluginData }) => {
    if (pluginData === RESOLVING || namespace === '') return undefined;
    if (!allowed) return { errors: [{ text: unresolved(path), detail: NO_PACKAGES }] };
    const isText = namespace === TEXT_NAMESPACE;
    if (isText && !PACKAGE.test(path)) return { errors: [{ text: unresolved(path), detail: NOT_A_PACKAGE }] };
    if (cwd === undefined) return { errors: [{ text: unresolved(path), detail: NO_DIRECTORY }] };
    const own = isText && isAround(packageOf(path), cwd);
    const from = isText ? { resolveDir: cwd, importer: ENTRY } : { resolveDir, importer, namespace };
    const found = own ? undefined : await build.resolve(path, { kind, ...from, pluginData: RESOLVING });
    if (found === undefined || found.errors.length > 0) return { errors: [{ text: unresolved(path) }] };
    asked.add(found.path);
    return found;
  });
  // What a pattern matches was not asked for.
  build.onLoad({ filter: /./, namespace: 'file' }, async (file) => {
    if (!asked.has(file.path)) return { errors: [{ text: PATTERN, detail: NOT_A_PACKAGE }] };
    const found = await readPackageFile(file);
    return typeof found === 'string' ? { errors: [{ text: unreadable(file.path, found) }] } : found;
  });
}

/**
 * Whether a folder is in the package of that name, which may import itself: that is no package but its files.
 */
function isAround(name: string, folder: string): boolean {
  const above = dirname(folder);
  return nameIn(folder) === name || (above !== folder && isAround(name, above));
}

function nameIn(folder: string): unknown {
  try {
    const description: unknown = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    return Object(description).name;
  } catch {
    return undefined;
  }
}

/** In esbuild's words; a path of the host is shown from node_modules on, or by its last name. */
function unreadable(path: string, reason: string): string {
  const below = /node_modules\/.*/s.exec(path)?.[0] ?? basename(path);
  return `Cannot read ${JSON.stringify(below)}: ${reason}`;
}

function unresolved(path: string): string {
  return `Could not resolve "${path}"`;
}

/**
 * esbuild would look for all files that `import()` of an expression could mean.
 * @throws SnapvmError `SNAPVM_JS_BUNDLE`
 */
export async function refusePatterns(esbuild: Esbuild, text: string, loader: 'js' | 'ts'): Promise<void> {
  if (!/import|require/.test(text)) return;
  let plain: string;
  try {
    const options = withoutPrototype({
      loader: loader === 'js' ? 'jsx' : loader,
      minifyWhitespace: true,
      legalComments: 'none',
      logLevel: 'silent',
    } as const);
    plain = (await esbuild.transform(text, options)).code;
  } catch {
    return; // bundling says it better
  }
  if (!FILE_PATTERN.test(plain)) return;
  throw new SnapvmError('SNAPVM_JS_BUNDLE', `${PATTERN}; to import files, give the module as { file }`);
}
