// A stand-in for glibc 2.28 to link with: the symbols of this machine's libc, each in the version 2.28 gave to it.
// glibc keeps its old versions, so what was the default then is the newest not newer than 2.28. A function that is
// younger is not in the stand-in; the addon would then need a symbol of no library, which portable.mjs refuses.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../run.mjs';
import { compareVersions, dynamicSymbols } from './elf-symbols.mjs';

/** What Node's own binaries need, since version 18. */
export const OLDEST_GLIBC = '2.28';

/** The compiler names them itself, after all else. */
const FOUND = ['libc.so.6', 'libm.so.6'];
const LOADER = 'ld-linux-x86-64.so.2';

/** In 2.28 timers and threads have libraries of their own; since 2.34 these are empty, and libc.so.6 has it all. */
const EMPTY = ['libpthread.so.0', 'librt.so.1'];

/** @returns {string[]} the linker's arguments that have it take these for the C library */
export function makeOldGlibc(work) {
  const folder = join(work, 'glibc');
  mkdirSync(folder);
  for (const name of FOUND) makeLibrary(folder, name, oldSymbols(libraryPath(name)));
  const loader = makeLibrary(folder, LOADER, oldSymbols(libraryPath(LOADER)));
  const empty = EMPTY.map((name) => makeLibrary(folder, name, []));
  // Needed as libraries only: a symbol is looked for in all of them, whichever it was linked to.
  return [`-L${folder}`, '-Wl,--no-as-needed', ...empty, loader, '-Wl,--as-needed'];
}

function libraryPath(name) {
  return run(process.env.CC ?? 'gcc', [`-print-file-name=${name}`]).trim();
}

function oldSymbols(library) {
  const newest = new Map();
  for (const symbol of dynamicSymbols(library)) {
    const version = /^GLIBC_([\d.]+)$/.exec(symbol.version)?.[1];
    if (!symbol.defined || version === undefined || compareVersions(version, OLDEST_GLIBC) > 0) continue;
    if (symbol.name === symbol.version) continue; // the version's own name
    const known = newest.get(symbol.name);
    if (known === undefined || compareVersions(version, known.version) > 0)
      newest.set(symbol.name, { ...symbol, version });
  }
  return [...newest.values()];
}

function makeLibrary(folder, soname, symbols) {
  const assembly = join(folder, `${soname}.s`);
  const map = join(folder, `${soname}.map`);
  writeFileSync(assembly, symbols.map(definition).join(''));
  writeFileSync(map, versionScript(symbols));
  const script = symbols.length > 0 ? [`-Wl,--version-script=${map}`] : [];
  const output = join(folder, soname.replace(/\.so\..*/, '.so'));
  const options = ['-shared', '-nostdlib', `-Wl,-soname,${soname}`, ...script];
  run(process.env.CC ?? 'gcc', [...options, '-o', output, assembly]);
  return output;
}

function definition({ name, isObject }) {
  if (isObject) return `.data\n.globl ${name}\n.type ${name},@object\n.size ${name},8\n${name}: .quad 0\n`;
  return `.text\n.globl ${name}\n.type ${name},@function\n${name}: ret\n`;
}

function versionScript(symbols) {
  const versions = [...new Set(symbols.map(({ version }) => version))];
  const names = (of) => symbols.filter(({ version }) => version === of).map(({ name }) => `${name};`);
  return versions.map((version) => `GLIBC_${version} { ${names(version).join(' ')} };\n`).join('');
}
