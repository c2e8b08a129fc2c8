/**
 * Packages that packages ask for in a function of theirs, and that are not installed: as in Node, that fails when it is
 * asked for. What a module asks for at once stays an error of the bundle.
 */
import { readFile } from 'node:fs/promises';
import type { PluginBuild } from 'esbuild';
import { isOfPackage } from './import-trail.js';
import { packageOf } from './names.js';

const NAMESPACE = 'missing';
const LOOKING = 'snapvm: looking for a package';

export function deferMissing(build: PluginBuild): void {
  build.onResolve(
    { filter: /^[^./]/, namespace: 'file' },
    async ({ path, kind, importer, namespace, resolveDir, pluginData }) => {
      if (kind !== 'require-call' || pluginData !== undefined || !isOfPackage(importer)) return undefined;
      const found = await build.resolve(path, { kind, importer, namespace, resolveDir, pluginData: LOOKING });
      if (found.errors.length === 0) return found;
      const isLater = !asksAtOnce(await readFile(importer, 'utf8'), path);
      return isLater ? { path, namespace: NAMESPACE } : undefined;
    },
  );
  build.onLoad({ filter: /./, namespace: NAMESPACE }, ({ path }) => ({ contents: failing(path) }));
}

/** Whether a line that asks for a module is not indented: then it is in no function, or code is not laid out. */
function asksAtOnce(code: string, name: string): boolean {
  const asking = [`require("${name}")`, `require('${name}')`];
  return code.split('\n').some((line) => !/^\s/.test(line) && asking.some((text) => line.includes(text)));
}

/** Programs that can do without a package look at the code. */
function failing(name: string): string {
  const install = `install the package (npm install ${packageOf(name)}) where the function can find it`;
  const message = JSON.stringify(`Cannot find module '${name}'; ${install}`);
  return `throw Object.assign(new Error(${message}), { code: 'MODULE_NOT_FOUND' });`;
}
