// What objdump says of an ELF file, for the scripts that link and check the prebuilt addon.
import { run } from '../run.mjs';

// Address, seven flags, section, size, version (in parentheses when not the default), visibility, name.
const SYMBOL =
  /^[\da-f]+ (?<flags>.{7}) (?<section>\S+)\t[\da-f]+ +(?:\(?(?<version>[\w.]+)\)? +)?(?:\.\w+ )?(?<name>\S+)$/;

/** @returns {{ name: string, version: string, defined: boolean, weak: boolean, isObject: boolean }[]} */
export function dynamicSymbols(file) {
  const lines = run('objdump', ['-T', file])
    .split('\n')
    .filter((line) => /^[\da-f]{16} /.test(line));
  return lines.map((line) => {
    const groups = SYMBOL.exec(line)?.groups;
    if (groups === undefined) throw new Error(`objdump's line about ${file} is not understood: ${line}`);
    const { flags, section, version = '', name } = groups;
    const kinds = { weak: flags[1] === 'w', isObject: flags[6] === 'O' };
    return { name, version, defined: section !== '*UND*', ...kinds };
  });
}

/** @returns {string[]} the libraries that it names as needed */
export function neededLibraries(file) {
  return [...run('objdump', ['-p', file]).matchAll(/^ +NEEDED +(\S+)$/gm)].map(([, name]) => name);
}

/** @returns {number} below 0 if the first is the older */
export function compareVersions(first, second) {
  const [a, b] = [first, second].map((version) => version.split('.').map(Number));
  const length = Math.max(a.length, b.length);
  const differences = Array.from({ length }, (_, i) => (a[i] ?? 0) - (b[i] ?? 0));
  return differences.find((difference) => difference !== 0) ?? 0;
}
