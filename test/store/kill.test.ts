// A process that is killed while it saves loses nothing that it had acknowledged, and leaves nothing that is not used.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { keyOf } from '../../src/store/format.js';
import { runChild } from '../support/engine.js';
import { openStore, parentSnapshot, temporaryFolder } from '../support/store.js';

const SUPPORT = new URL('../support/', import.meta.url).href;
const SAVES = 200;
/** Each is saved twice: what was acknowledged must survive being replaced, too. */
const SNAPSHOTS = SAVES / 2;
/** When each of the processes is killed: this many acknowledged saves, and then milliseconds. */
const KILLS: readonly (readonly [saves: number, ms: number])[] = [
  [1, 0],
  [30, 1],
  [80, 2],
  [120, 0],
  [160, 3],
];

/** Saves snapshot after snapshot, and says so after each. */
function saver(directory: string, run: number): string {
  return `
    import { openStore, derivedSnapshot } from ${JSON.stringify(`${SUPPORT}store.js`)};
    import { buildTest, USER_EXEC } from ${JSON.stringify(`${SUPPORT}snapshot-build.js`)};
    import { keyOf } from ${JSON.stringify(new URL('../../src/store/format.js', import.meta.url).href)};
    import { writeSync } from 'node:fs';
    const { descriptor } = await buildTest({ elf: USER_EXEC });
    const { store } = await openStore(${JSON.stringify(directory)});
    for (let save = 0; save < ${SAVES}; save++) {
      const which = save >> 1;
      const derived = await derivedSnapshot(descriptor, ${run * SNAPSHOTS} + which);
      const key = keyOf(descriptor.hash, 'specialise', Uint8Array.of(${run}, which));
      if (await store.save(key, derived)) writeSync(1, which + ' ' + derived.descriptor.hash + '\\n');
      derived.close();
    }`;
}

/** Runs a process until it has acknowledged so many saves and a little longer; gives what it acknowledged. */
async function killed(source: string, saves: number, ms: number): Promise<string[]> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', source], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  const lines = (): string[] => output.split('\n').slice(0, -1);
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
    if (lines().length >= saves) setTimeout(() => child.kill('SIGKILL'), ms);
  });
  const [, signal] = (await once(child, 'close')) as [number | null, string | null];
  if (signal !== 'SIGKILL') throw new Error(`it ended by itself after ${lines().length} saves`);
  return lines();
}

test('kill -9 in the middle of 200 saves loses none that was acknowledged', async (t) => {
  const directory = join(temporaryFolder(t), 'store');
  const { descriptor: parent } = await parentSnapshot(t);
  const temporaries = (): string[] =>
    ['objects', 'ready'].flatMap((folder) =>
      readdirSync(join(directory, folder)).filter((name) => name.startsWith('.tmp')),
    );
  let leftovers = 0;
  for (const [run, [saves, ms]] of KILLS.entries()) {
    const acknowledged = await killed(saver(directory, run), saves, ms);
    leftovers += temporaries().length;
    const opened = await openStore(directory);
    t.deepEqual(temporaries(), []);
    const hashes = new Map(acknowledged.map((line) => line.split(' ') as [string, string]));
    // What was not acknowledged may be there or not, but nothing that does not check.
    for (let which = 0; which < SNAPSHOTS; which++) {
      const key = keyOf(parent.hash, 'specialise', Uint8Array.of(run, which));
      const loaded = await opened.store.load(key, parent);
      const hash = hashes.get(`${which}`);
      if (hash !== undefined) t.is(loaded?.descriptor.hash, hash, `run ${run}, snapshot ${which}`);
      loaded?.close();
    }
    t.deepEqual(opened.problems, []);
    t.true(acknowledged.length >= saves && acknowledged.length < SAVES);
  }
  t.log(`${leftovers} temporary files were left, and removed`);
});

test('what a live process is writing is left alone', async (t) => {
  const directory = join(temporaryFolder(t), 'store');
  await openStore(directory);
  const child = `
    import { writeDurably } from ${JSON.stringify(new URL('../../src/store/files.js', import.meta.url).href)};
    await writeDurably(${JSON.stringify(join(directory, 'objects'))}, 'slow', async (handle) => {
      await handle.write('half');
      const told = new Promise((resolve) => process.on('SIGUSR2', resolve));
      console.log('now');
      await told;
      await handle.write(' and half');
    });
    process.exit();`;
  const names = (): string[] => readdirSync(join(directory, 'objects'));
  const seen: string[][] = [];
  const { code } = await runChild(`setInterval(() => {}, 1000); ${child}`, (pid) => {
    void openStore(directory).then(() => {
      seen.push(names());
      process.kill(pid, 'SIGUSR2');
    });
  });
  t.is(code, 0);
  t.is(seen[0]?.length, 1);
  t.regex(seen[0]?.[0] ?? '', /^\.tmp-/);
  t.deepEqual(names(), ['slow']);
});
