/** What stands in esbuild's messages and source maps and is not the user's. */

/** The module that imports the user's. */
export const ENTRY = 'snapvm';
/** The namespace of texts, which are no files. */
export const TEXT_NAMESPACE = 'text';
/** Stands before the names of texts. */
export const TEXT = `${TEXT_NAMESPACE}:`;
/** The detail of an error for an import of a text that is no package. */
export const NOT_A_PACKAGE = 'not a package';
/** The same, for any import when there is no working directory. */
export const NO_DIRECTORY = 'no working directory';
/** The same, when the text is to import none. */
export const NO_PACKAGES = 'no packages';

/** The package of an import: its first name, or two. */
export function packageOf(path: string): string {
  return path
    .split('/')
    .slice(0, path.startsWith('@') ? 2 : 1)
    .join('/');
}
