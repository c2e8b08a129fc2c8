/** Finds the files that snapvm needs beside its code. */
import { fileURLToPath } from 'node:url';

// Bundlers take new URL('a text', import.meta.url) for a file to copy, and change or refuse what they cannot read.
const here = import.meta.url;

/** The path of a file in the package's folder `dist`. */
export function distPath(name: string): string {
  return fileURLToPath(new URL(`../../${name}`, here));
}
