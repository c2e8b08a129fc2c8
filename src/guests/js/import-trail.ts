/** Which import of the user's own led to a file of a package that cannot be bundled. */
import { isAbsolute, join } from 'node:path';
import type { Plugin } from 'esbuild';
import { ENTRY, TEXT, TEXT_NAMESPACE } from './names.js';

const TRACING = 'snapvm: tracing';
const PACKAGES = /(?:^|[\\/])node_modules[\\/]/;

/** An import of the user's own. */
export interface OwnImport {
  /** What it says. */
  readonly path: string;
  /** The module it stands in. */
  readonly file: string;
}

/** Whether a file, as esbuild shows it, is one of a package. */
export function isOfPackage(file: string): boolean {
  return PACKAGES.test(file);
}

/** Notes who imports what while a bundle is made once more. */
export class ImportTrail {
  /** By a file: the first import of it. */
  readonly #importers = new Map<string, OwnImport>();

  plugin(): Plugin {
    return {
      name: 'snapvm: trail',
      setup: (build) => {
        build.onResolve(
          { filter: /./ },
          async ({ path, kind, importer, namespace, resolveDir, pluginData }) => {
            if (pluginData !== undefined) return undefined;
            const from = { kind, importer, namespace, resolveDir, pluginData: TRACING };
            const found = await build.resolve(path, from);
            const file = namespace === TEXT_NAMESPACE ? TEXT + importer : importer;
            if (found.errors.length === 0 && !this.#importers.has(found.path))
              this.#importers.set(found.path, { path, file });
            return undefined;
          },
        );
      },
    };
  }

  /** The import of the user's own that leads to a file, as esbuild shows it. */
  ownImport(shown: string, cwd: string): OwnImport | undefined {
    const seen = new Set<string>();
    let file = isAbsolute(shown) ? shown : join(cwd, shown);
    for (;;) {
      const found = this.#importers.get(file);
      if (found === undefined || found.file === ENTRY || seen.has(file)) return undefined;
      if (!isOfPackage(found.file)) return found;
      seen.add(file);
      file = found.file;
    }
  }
}
