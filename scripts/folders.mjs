// The order of the rooms: npm run check and test/conditions/folders.test.ts hold each import of src/ and workers/ to it.
// docs/architecture.md says what a room is for.
import { readdirSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { argv } from 'node:process';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

/** The folders of src/, each of which imports only from itself and those before it. */
export const ROOMS = [
  'client',
  'base',
  'wire',
  'addon',
  'snapshot',
  'store',
  'guests',
  'pool',
  'engine',
  'server',
  'cli',
];
/** The public API: the one file of src/ that is in no room. It sees them all, and none of them sees it. */
const INDEX = 'src/index.ts';
/** What runs inside a worker thread. No room imports from it: the pool starts it by its file name. */
const WORKERS = 'workers';
const ROOMS_OF_WORKERS = ['base', 'wire', 'addon'];
/** The conformance cases are tests, and the command line has them too: `snapvm doctor --conformance`. */
const CONFORMANCE = 'test/conformance/';
/** The kinds of guests, each a folder of src/guests that does not know the others. */
const GUEST_KIND = /^src\/guests\/([^/]+)\//;
const SOURCE = /\.[cm]?tsx?$/;

/** @returns {Map<string, string>} the text of each source file, by its path in the project */
export function readSources(project) {
  const names = ['src', WORKERS].flatMap((folder) =>
    readdirSync(join(project, folder), { recursive: true }).map((name) => join(folder, name)),
  );
  return new Map(
    names
      .filter((name) => SOURCE.test(name))
      .sort()
      .map((name) => [name, readFileSync(join(project, name), 'utf8')]),
  );
}

/** @returns {string[]} what is wrong with the files' places and imports, a sentence each */
export function roomComplaints(sources) {
  const imports = new Map([...sources].map(([file, text]) => [file, importedFiles(file, text)]));
  return [
    ...[...sources.keys()].flatMap(placeComplaint),
    ...[...imports].flatMap(([file, targets]) =>
      targets.flatMap((target) => importComplaint(sources, file, target)),
    ),
    ...circles(imports).map((files) => `these files import each other: ${files.join(', ')}`),
  ];
}

/** Static and dynamic imports, those of types too, and what is exported from another file; packages are left out. */
function importedFiles(file, text) {
  const found = ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => fileName);
  return [...new Set(found)]
    .filter((name) => name.startsWith('.'))
    .map((name) => normalize(join(dirname(file), name)).replace(/\.(c?)js$/, '.$1ts'));
}

function placeComplaint(file) {
  if (file === INDEX || roomOf(file) === WORKERS || ROOMS.includes(roomOf(file))) return [];
  return [`${file} is in none of the rooms ${ROOMS.join(', ')}`];
}

/** `undefined` for a file that is loose in src/, and for one outside it. */
function roomOf(file) {
  const [top, room, ...rest] = file.split('/');
  if (top === WORKERS) return WORKERS;
  return top === 'src' && rest.length > 0 ? room : undefined;
}

function importComplaint(sources, file, target) {
  if (roomOf(file) === 'cli' && target.startsWith(CONFORMANCE)) return [];
  if (!sources.has(target)) return [`${file} imports ${target}, which is no source file`];
  const reason = refusal(file, target);
  return reason === undefined ? [] : [`${file} imports ${target}: ${reason}`];
}

/** Why `file` may not import `target`; `undefined` if it may. */
function refusal(file, target) {
  const from = roomOf(file);
  const to = roomOf(target);
  if (target === INDEX) return 'the public API is imported by nothing';
  if (to === WORKERS && from !== WORKERS) return 'only a worker imports from workers';
  if (from === WORKERS && to !== WORKERS && !ROOMS_OF_WORKERS.includes(to))
    return `a worker imports from ${ROOMS_OF_WORKERS.join(', ')} only`;
  if (from !== undefined && ROOMS.indexOf(to) > ROOMS.indexOf(from) && from !== WORKERS)
    return `${to} comes after ${from}`;
  const [, kind] = GUEST_KIND.exec(file) ?? [];
  const [, other] = GUEST_KIND.exec(target) ?? [];
  if (kind !== undefined && other !== undefined && kind !== other)
    return `the guest kind ${kind} does not know ${other}`;
  return undefined;
}

/** Groups of files of which each reaches all others of its group by imports (Tarjan's algorithm). */
function circles(imports) {
  const found = [];
  const places = new Map();
  const lowest = new Map();
  const open = [];
  const visit = (file) => {
    places.set(file, places.size);
    lowest.set(file, places.get(file));
    open.push(file);
    for (const target of imports.get(file) ?? []) {
      if (!places.has(target)) visit(target);
      if (open.includes(target)) lowest.set(file, Math.min(lowest.get(file), lowest.get(target)));
    }
    if (lowest.get(file) !== places.get(file)) return;
    const group = open.splice(open.indexOf(file));
    if (group.length > 1 || imports.get(file)?.includes(file)) found.push(group.sort());
  };
  for (const file of imports.keys()) if (!places.has(file)) visit(file);
  return found;
}

function main() {
  const complaints = roomComplaints(readSources(fileURLToPath(new URL('..', import.meta.url))));
  for (const complaint of complaints) console.log(complaint);
  if (complaints.length > 0) process.exitCode = 1;
}

if (argv[1] !== undefined && fileURLToPath(import.meta.url) === realpathSync(argv[1])) main();
