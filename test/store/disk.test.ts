// Disks that are full, read-only or gone: saving fails with a report, and everything else goes on.
import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { keyOf } from '../../src/store/format.js';
import type { StoreProblem } from '../../src/store/store.js';
import { runChild, startEngine } from '../support/engine.js';
import { guestPath } from '../support/sandbox.js';
import { derivedSnapshot, openStore, parentSnapshot, smallDisk, temporaryFolder } from '../support/store.js';

const ECHO = guestPath('examples/echo');

function temporaries(directory: string): string[] {
  return ['objects', 'ready'].flatMap((folder) =>
    readdirSync(join(directory, folder)).filter((name) => name.startsWith('.tmp')),
  );
}

test('a full disk: the snapshot is not saved, nothing half is left, and there is room again later', async (t) => {
  const directory = smallDisk(t, 0x8000);
  const { descriptor: parent } = await parentSnapshot(t);
  if (directory === undefined) return void t.pass();
  const { store, problems, codes } = await openStore(directory);
  const derived = await derivedSnapshot(parent, 1);
  t.teardown(() => derived.close());
  const filler = join(directory, 'objects', 'filler');
  writeFileSync(filler, new Uint8Array(0x4000));
  const key = keyOf(parent.hash, 'initialise', new Uint8Array());
  t.false(await store.save(key, derived));
  t.is(problems[0]?.error.details['errno'], 'ENOSPC');
  t.is(problems[0]?.kind, 'unsaved');
  t.deepEqual(codes(), ['SNAPVM_STORE_WRITE']);
  t.deepEqual(temporaries(directory), []);
  t.is(await store.load(key, parent), undefined);
  t.deepEqual(codes(), []);
  rmSync(filler);
  t.true(await store.save(key, derived));
  const loaded = await store.load(key, parent);
  t.is(loaded?.descriptor.hash, derived.descriptor.hash);
  loaded?.close();
  t.deepEqual(store.stats, { loaded: 1, saved: 1, refused: 0, unsaved: 1 });
});

test('files that may not grow: the process goes on, and is told', async (t) => {
  const directory = join(temporaryFolder(t), 'store');
  const { stdout, code, stderr } = await runChild(`
    import { execFileSync } from 'node:child_process';
    import { openStore, derivedSnapshot } from ${JSON.stringify(new URL('../support/store.js', import.meta.url).href)};
    import { buildTest, USER_EXEC } from ${JSON.stringify(new URL('../support/snapshot-build.js', import.meta.url).href)};
    const { descriptor } = await buildTest({ elf: USER_EXEC });
    const derived = await derivedSnapshot(descriptor, 1);
    const { store, problems } = await openStore(${JSON.stringify(directory)});
    execFileSync('prlimit', ['--pid', String(process.pid), '--fsize=9000']);
    const saved = await store.save('ab'.repeat(32), derived);
    console.log(JSON.stringify([saved, problems.map(({ kind, error }) => [kind, error.code, error.details.errno])]));`);
  t.is(code, 0, stderr);
  t.deepEqual(JSON.parse(stdout), [false, [['unsaved', 'SNAPVM_STORE_WRITE', 'EFBIG']]]);
  t.deepEqual(temporaries(directory), []);
  t.deepEqual(readdirSync(join(directory, 'objects')), []);
});

test('a full disk while an engine runs: what is defined then works, and is not kept', async (t) => {
  const directory = smallDisk(t, 0x4000);
  if (directory === undefined) return void t.pass();
  const engine = await startEngine(t, { workers: 1, store: directory });
  const problems: StoreProblem[] = [];
  engine.on('storeProblem', (problem) => problems.push(problem));
  const echo = await engine.define('echo', { elf: ECHO });
  t.is(Buffer.from(await echo.call('Ada')).toString(), 'Ada');
  t.like(problems, [
    { kind: 'unsaved', error: { code: 'SNAPVM_STORE_WRITE', details: { errno: 'ENOSPC' } } },
  ]);
  t.deepEqual(engine.stats().store, { loaded: 0, saved: 0, refused: 0, unsaved: 1 });
  t.deepEqual(temporaries(directory), []);
});

test('a directory that went away: what is defined then works, and is not kept', async (t) => {
  const directory = join(temporaryFolder(t), 'store');
  const engine = await startEngine(t, { workers: 1, store: directory });
  const problems: StoreProblem[] = [];
  engine.on('storeProblem', (problem) => problems.push(problem));
  renameSync(directory, `${directory}-aside`);
  const echo = await engine.define('echo', { elf: ECHO });
  t.is(Buffer.from(await echo.call('Ada')).toString(), 'Ada');
  t.like(problems, [{ kind: 'unsaved', error: { code: 'SNAPVM_STORE_WRITE' } }]);
  t.is(problems.length, 1);
  t.false(existsSync(directory));
  renameSync(`${directory}-aside`, directory);
  await engine.define('again', { elf: ECHO });
  t.deepEqual(engine.stats().store, { loaded: 0, saved: 1, refused: 0, unsaved: 1 });
});

test('a directory that nobody can write to is read', async (t) => {
  const directory = smallDisk(t, 1 << 20);
  if (directory === undefined) return void t.pass();
  const first = await startEngine(t, { workers: 1, store: directory });
  await first.define('echo', { elf: ECHO });
  await first.close();
  execFileSync('mount', ['-o', 'remount,ro', directory]);
  const warnings: string[] = [];
  const logger = { ...console, warn: (_fields: object, text: string) => warnings.push(text) };
  const engine = await startEngine(t, { workers: 1, store: directory, logger });
  const echo = await engine.define('echo', { elf: ECHO });
  t.is(Buffer.from(await echo.call('Ada')).toString(), 'Ada');
  t.deepEqual(warnings, []);
  const other = await engine.define('other', { elf: guestPath('examples/hostcall') });
  t.truthy(other.functions.length);
  t.is(warnings.length, 1);
  t.regex(warnings[0] ?? '', /cannot be saved.*EROFS/);
  t.deepEqual(engine.stats().store, { loaded: 1, saved: 0, refused: 0, unsaved: 1 });
});

test('an empty directory that nobody can write to is said so, and functions work', async (t) => {
  const directory = smallDisk(t, 1 << 20);
  if (directory === undefined) return void t.pass();
  execFileSync('mount', ['-o', 'remount,ro', directory]);
  const { store, codes } = await openStore(directory);
  t.deepEqual(codes(), ['SNAPVM_STORE_WRITE']);
  const { descriptor: parent } = await parentSnapshot(t);
  t.is(await store.load(keyOf(parent.hash, 'initialise', new Uint8Array()), parent), undefined);
  t.deepEqual(codes(), []);
});

test('without the right to write, a user is told', async (t) => {
  if (process.getuid?.() === 0 && spawnSync('setpriv', ['--version']).status !== 0)
    return void t.pass('skipped: root may write everywhere, and setpriv is not installed');
  const folder = temporaryFolder(t);
  chmodSync(folder, 0o755);
  const directory = join(folder, 'store');
  mkdirSync(directory, { mode: 0o755 });
  const script = `
    import { openStore } from ${JSON.stringify(new URL('../support/store.js', import.meta.url).href)};
    const { codes } = await openStore(${JSON.stringify(directory)});
    const made = await openStore(${JSON.stringify(join(folder, 'new'))}).catch((error) => error.code);
    console.log(JSON.stringify([codes(), made]));`;
  const command = [process.execPath, '--input-type=module', '-e', script];
  const run =
    process.getuid?.() === 0
      ? spawnSync('setpriv', ['--reuid=65534', '--regid=65534', '--clear-groups', ...command], {
          encoding: 'utf8',
        })
      : undefined;
  if (run === undefined) {
    chmodSync(directory, 0o555);
    return void t.deepEqual((await openStore(directory)).codes(), ['SNAPVM_STORE_WRITE']);
  }
  t.is(run.status, 0, run.stderr);
  t.deepEqual(JSON.parse(run.stdout), [['SNAPVM_STORE_WRITE'], 'SNAPVM_STORE_DIRECTORY']);
});

test('temporary files of the dead are removed, and of those elsewhere only when they are a day old', async (t) => {
  const directory = join(temporaryFolder(t), 'store');
  await openStore(directory);
  const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim().replaceAll('-', '');
  const objects = join(directory, 'objects');
  const { stdout } = await runChild(`
    import { readdirSync } from 'node:fs';
    import { writeDurably } from ${JSON.stringify(new URL('../../src/store/files.js', import.meta.url).href)};
    await writeDurably(${JSON.stringify(objects)}, 'x', () => {
      console.log(readdirSync(${JSON.stringify(objects)}).join());
      process.exit();
    });`);
  t.regex(stdout, new RegExp(`^\\.tmp-${boot}-\\d+-\\d+-\\d+-[0-9a-f]{16}\n$`));
  const [, , namespace] = stdout.split('-');
  const mine = stdout.trim().replace(/-\d+-\d+-([0-9a-f]{16})$/, `-${process.pid}-1-$1`);
  const elsewhere = ['.tmp-another-1-1-1-00', `.tmp-${boot}-${Number(namespace) + 1}-1-1-00`, '.tmp-old'];
  for (const name of [mine, ...elsewhere]) writeFileSync(join(objects, name), 'x');
  await openStore(directory);
  t.deepEqual(
    readdirSync(objects).sort(),
    [...elsewhere].sort(),
    'the process with an id that is used again is dead too',
  );
  const day = Date.now() / 1000 - 25 * 3600;
  for (const name of elsewhere) utimesSync(join(objects, name), day, day);
  await openStore(directory);
  t.deepEqual(readdirSync(objects), []);
});
