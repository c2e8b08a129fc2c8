/**
 * What modules of packages ask for by a `require` that they make of `createRequire`. esbuild follows only the `require`
 * that it knows. So a file that imports `node:module` gets one of its own, which has what the file asks for by literals.
 */
import { readFile } from 'node:fs/promises';
import { dirname, relative } from 'node:path';
import type { OnLoadResult, PluginBuild } from 'esbuild';

/** Of the modules that stand for `node:module`, one for each file that imports it. */
const NAMESPACE = 'created-require';
/** How such a module imports what is behind it. */
export const MODULE_WITH_FILES = 'snapvm:module';
/** How far before a call the name stands that its result is given. */
const MOST_BEFORE = 120;
const NAME_BEFORE = /([\w$]+)(?:\s*:\s*[\w$.]+)?\s*=[^;=]*$/;
/** What a function may have of a package. */
const CODE = /\.(?:[cm]?[jt]s|[jt]sx|json)$/;
/** No code, though Node could load it. */
const NO_CODE = /\.(?:node|wasm)$/;

/** Of files, not of a text: that imports packages by `import`. */
export function provideCreateRequire(build: PluginBuild, cwd: string): void {
  build.onResolve({ filter: /^(?:node:)?module$/, namespace: 'file' }, ({ importer }) => ({
    // The names of a bundle's modules are part of it; and what ends in .mjs would be no CommonJS.
    path: `${relative(cwd, importer)}/module`,
    namespace: NAMESPACE,
    pluginData: importer,
  }));
  build.onLoad({ filter: /./, namespace: NAMESPACE }, async ({ pluginData }): Promise<OnLoadResult> => {
    const importer = pluginData as string;
    const resolveDir = dirname(importer);
    const asked = literalsAskedFor(await readFile(importer, 'utf8'));
    const from = { kind: 'require-call', importer, namespace: NAMESPACE, resolveDir } as const;
    const found = await Promise.all(
      asked.map(async (name) => {
        const { errors, path, namespace } = await build.resolve(name, from);
        return errors.length === 0 && (namespace !== 'file' || CODE.test(path)) ? [name] : [];
      }),
    );
    const files = found.flat().map((name) => JSON.stringify(name));
    const table = files.map((name) => `[${name}, () => require(${name})]`);
    return {
      contents: `module.exports = require('${MODULE_WITH_FILES}').withFiles(__filename, [${table.join(', ')}])`,
      resolveDir,
    };
  });
}

/** The names that code gives, as literals, to what `createRequire` gave it. */
function literalsAskedFor(code: string): readonly string[] {
  const aliases = [...code.matchAll(/\bcreateRequire\s+as\s+([\w$]+)/g)].map(([, name = '']) => name);
  const makers = ['createRequire', ...aliases].map(escaped).join('|');
  const made = [...code.matchAll(new RegExp(`(?<![\\w$])(?:${makers})\\)?\\(`, 'g'))];
  const held = made.flatMap(({ index }) => {
    const before = code.slice(Math.max(0, index - MOST_BEFORE), index);
    return NAME_BEFORE.exec(before)?.[1] ?? [];
  });
  const askers = [...held.map(escaped), `(?:${makers})\\)?\\([^()]*\\)`].join('|');
  const asking = new RegExp(`(?<![\\w$.])(?:${askers})\\(\\s*(["'\`])([^"'\`\\\\\\n$]+)\\1\\s*\\)`, 'g');
  const names = [...code.matchAll(asking)].map(([, , name = '']) => name);
  return [...new Set(names.filter((name) => !NO_CODE.test(name)))].sort();
}

function escaped(name: string): string {
  return name.replaceAll('$', '\\$');
}
