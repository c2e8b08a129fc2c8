/** That the folders of native/ know each other in one direction only. */
import { readdirSync, readFileSync } from 'node:fs';
import test from 'ava';

const NATIVE = new URL('../../../native/', import.meta.url);

/** A source includes headers of its own folder and of rows above it. Folders of one row know nothing of each other. */
const ORDER: readonly (readonly string[])[] = [
  ['system'],
  ['error.h', 'abi.h'],
  ['processor', 'pool'],
  ['memory'],
  ['linux'],
  ['machine'],
  ['kvm', 'process'],
  ['sandbox'],
  ['node'],
  ['addon.cc'],
];
/** Stands for functions of a newer C library, and includes nothing of the addon. */
const APART = 'prebuilt';
/** The one header from outside of native/: addresses that the monitor's assembly shares. */
const SHARED = '../guest/monitor/layout.h';

interface Arrow {
  readonly from: string;
  readonly to: string;
}

const folderOf = (file: string): string => file.split('/')[0] as string;

function rowOf(file: string): number {
  return ORDER.findIndex((row) => row.includes(folderOf(file)));
}

/** What is wrong with an include; undefined: nothing. */
function complaint({ from, to }: Arrow): string | undefined {
  if (folderOf(from) === folderOf(to)) return undefined;
  if (rowOf(from) < 0 || rowOf(to) < 0)
    return `${from} includes ${to}: one of them is in no row of the order`;
  return rowOf(to) < rowOf(from) ? undefined : `${from} includes ${to}, which comes later in the order`;
}

const sources = readdirSync(NATIVE, { recursive: true, encoding: 'utf8' }).filter((name) =>
  /\.(?:c|cc|h|S)$/.test(name),
);

function arrowsOf(from: string): Arrow[] {
  const text = readFileSync(new URL(from, NATIVE), 'utf8');
  return [...text.matchAll(/^\s*#\s*include\s+"([^"]+)"/gm)]
    .map((match) => match[1] as string)
    .filter((name) => name !== SHARED)
    .map((name) => ({ from, to: sources.includes(name) ? name : `${folderOf(from)}/${name}` }));
}

const arrows = sources.flatMap(arrowsOf);

test('the folders of native/ include each other in one direction', (t) => {
  t.true(arrows.length > 200, `${arrows.length} includes`);
  t.deepEqual(
    arrows.map(complaint).filter((found) => found !== undefined),
    [],
  );
});

test('every folder and loose file of native/ has its place in the order, and the order names no other', (t) => {
  const folders = new Set(sources.map(folderOf));
  folders.delete(APART);
  t.deepEqual([...folders].sort(), ORDER.flat().sort());
});

test('an include that is turned round is found', (t) => {
  const between = arrows.filter(({ from, to }) => folderOf(from) !== folderOf(to));
  t.true(between.length > 100, `${between.length} includes between folders`);
  for (const { from, to } of between) t.truthy(complaint({ from: to, to: from }), `${to} → ${from}`);
  t.truthy(complaint({ from: 'kvm/vm.cc', to: 'process/guest_process.h' }), 'of one row');
  t.truthy(complaint({ from: 'memory/image.cc', to: 'elsewhere/x.h' }), 'of no row');
});

test('no header includes itself by way of others', (t) => {
  const next = new Map(sources.map((name) => [name, arrowsOf(name).map(({ to }) => to)]));
  const done = new Set<string>();
  const visit = (name: string, path: readonly string[]): void => {
    if (path.includes(name)) t.fail([...path, name].join(' → '));
    if (done.has(name) || path.includes(name)) return;
    for (const to of next.get(name) ?? []) visit(to, [...path, name]);
    done.add(name);
  };
  for (const name of sources) visit(name, []);
  t.is(done.size, sources.length);
});
