// The order of the rooms: imports point one way, and a file that turns one round is found.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import test from 'ava';
import { PROJECT } from '../support/abi-sources.js';

interface Rooms {
  readonly ROOMS: readonly string[];
  /** The text of each source file, by its path in the project. */
  readSources(project: string): Map<string, string>;
  /** What is wrong, a sentence each. */
  roomComplaints(sources: ReadonlyMap<string, string>): string[];
}

const { ROOMS, readSources, roomComplaints } = (await import(
  pathToFileURL(join(PROJECT, 'scripts/folders.mjs')).href
)) as Rooms;

test('each import of src/ and workers/ points to an earlier room, and no files import each other', (t) => {
  const sources = readSources(PROJECT);
  t.true(sources.size > 100);
  t.deepEqual(roomComplaints(sources), []);
});

test('each room is there, and has files', (t) => {
  const files = [...readSources(PROJECT).keys()];
  for (const room of ROOMS)
    t.true(
      files.some((file) => file.startsWith(`src/${room}/`)),
      room,
    );
});

test('an import that is turned round is found, wherever it is', (t) => {
  for (const [index, room] of ROOMS.entries()) {
    for (const later of ROOMS.slice(index + 1)) {
      const forth = sketch({ [`src/${later}/a.ts`]: `import '../${room}/b.js';`, [`src/${room}/b.ts`]: '' });
      t.deepEqual(roomComplaints(forth), []);
      const back = sketch({ [`src/${room}/b.ts`]: `import '../${later}/a.js';`, [`src/${later}/a.ts`]: '' });
      t.deepEqual(roomComplaints(back), [
        `src/${room}/b.ts imports src/${later}/a.ts: ${later} comes after ${room}`,
      ]);
    }
  }
});

test('an import of the real source that is turned round is found', (t) => {
  const sources = readSources(PROJECT);
  const before = roomComplaints(sources);
  const file = 'src/base/errors.ts';
  sources.set(file, `import { Engine } from '../engine/engine.js';\n${sources.get(file)}`);
  const found = roomComplaints(sources).filter((complaint) => !before.includes(complaint));
  t.true(found.includes(`${file} imports src/engine/engine.ts: engine comes after base`), found.join('\n'));
  t.true(
    found.some((complaint) => /^these files import each other: .*src\/base\/errors\.ts/.test(complaint)),
  );
});

const FORMS: Readonly<Record<string, string>> = {
  import: "import { a } from '../pool/a.js';",
  'import of a type': "import type { A } from '../pool/a.js';",
  'import of a type in a type': "export type B = import('../pool/a.js').A;",
  'import at run time': "const a = await import('../pool/a.js');",
  export: "export { a } from '../pool/a.js';",
  'export of all types': "export type * from '../pool/a.js';",
};
for (const [form, text] of Object.entries(FORMS)) {
  test(`forms of an import: ${form}`, (t) => {
    const sources = sketch({ 'src/wire/b.ts': text, 'src/pool/a.ts': '' });
    t.deepEqual(roomComplaints(sources), ['src/wire/b.ts imports src/pool/a.ts: pool comes after wire']);
  });
}

test('what the order of the rooms does not say is checked too', (t) => {
  const imported = (file: string, target: string, path: string): string[] =>
    roomComplaints(sketch({ [file]: `import '${path}';`, [target]: '' }));

  t.deepEqual(imported('workers/a.ts', 'src/addon/b.ts', '../src/addon/b.js'), []);
  t.deepEqual(imported('workers/a.ts', 'src/pool/b.ts', '../src/pool/b.js'), [
    'workers/a.ts imports src/pool/b.ts: a worker imports from base, wire, addon only',
  ]);
  t.deepEqual(imported('src/pool/a.ts', 'workers/b.ts', '../../workers/b.js'), [
    'src/pool/a.ts imports workers/b.ts: only a worker imports from workers',
  ]);
  t.deepEqual(imported('src/index.ts', 'src/engine/b.ts', './engine/b.js'), []);
  t.deepEqual(imported('src/cli/a.ts', 'src/index.ts', '../index.js'), [
    'src/cli/a.ts imports src/index.ts: the public API is imported by nothing',
  ]);
  t.deepEqual(imported('src/guests/kinds.ts', 'src/guests/js/b.ts', './js/b.js'), []);
  t.deepEqual(imported('src/guests/js/a.ts', 'src/guests/linux/b.ts', '../linux/b.js'), [
    'src/guests/js/a.ts imports src/guests/linux/b.ts: the guest kind js does not know linux',
  ]);
});

test('a file in no room, a circle and a file that does not exist are found', (t) => {
  t.deepEqual(roomComplaints(sketch({ 'src/loose.ts': '', 'src/attic/a.ts': '' })), [
    `src/loose.ts is in none of the rooms ${ROOMS.join(', ')}`,
    `src/attic/a.ts is in none of the rooms ${ROOMS.join(', ')}`,
  ]);
  const circle = {
    a: "import './b.js';",
    b: "import type { C } from './c.js';",
    c: "export * from './a.js';",
  };
  const files = Object.entries(circle).map(([name, text]) => [`src/pool/${name}.ts`, text] as const);
  t.deepEqual(roomComplaints(new Map(files)), [
    'these files import each other: src/pool/a.ts, src/pool/b.ts, src/pool/c.ts',
  ]);
  t.deepEqual(roomComplaints(sketch({ 'src/pool/a.ts': "import './gone.js';" })), [
    'src/pool/a.ts imports src/pool/gone.ts, which is no source file',
  ]);
});

function sketch(files: Readonly<Record<string, string>>): Map<string, string> {
  return new Map(Object.entries(files));
}
