// Fails when the prebuilt addon asks its machine for more than Node itself does: a newer glibc, another library, a
// symbol that nobody has. Alone: node scripts/prebuild/portable.mjs FILE
import { pathToFileURL } from 'node:url';
import { compareVersions, dynamicSymbols, neededLibraries } from './elf-symbols.mjs';
import { OLDEST_GLIBC } from './old-glibc.mjs';

/** The newest version that may be asked for, of each library's. */
const NEWEST = { GLIBC: OLDEST_GLIBC, GCC: '4.2.0' };

/** Of glibc, and what Node needs itself. */
const LIBRARIES = [
  ...['ld-linux-x86-64.so.2', 'libc.so.6', 'libm.so.6', 'libpthread.so.0', 'librt.so.1'],
  'libgcc_s.so.1',
];

/** What objdump calls the version of a symbol that has none, in a file with versions. */
const NONE = ['', 'Base'];

/** Node has them. */
const NODE_API = /^(?:napi|node_api)_\w+$/;

/** @returns {string[]} a line for each thing that is too much */
function excesses(file) {
  const libraries = neededLibraries(file).filter((name) => !LIBRARIES.includes(name));
  const symbols = dynamicSymbols(file).filter((symbol) => !symbol.defined && !isThere(symbol));
  return [
    ...libraries.map((name) => `it needs the library ${name}`),
    ...symbols.map(
      ({ name, version }) => `it needs ${name} ${NONE.includes(version) ? 'of no library' : version}`,
    ),
  ];
}

function isThere({ name, version, weak }) {
  if (NONE.includes(version)) return weak || NODE_API.test(name);
  const [library, number] = version.split('_');
  const newest = NEWEST[library];
  return newest !== undefined && number !== undefined && compareVersions(number, newest) <= 0;
}

export function checkPortable(file) {
  const lines = excesses(file);
  if (lines.length === 0) return;
  console.error(`${file} would not load on every machine with glibc ${OLDEST_GLIBC}:`);
  console.error(lines.map((line) => `  ${line}`).join('\n'));
  process.exit(1);
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  checkPortable(process.argv[2]);
}
