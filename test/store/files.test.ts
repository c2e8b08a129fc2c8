// What is on disk is used only if it checks in every respect; what does not is refused by name, and can be replaced.
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { addon } from '../../src/addon/addon.js';
import { SnapvmError } from '../../src/base/errors.js';
import type { DerivedSnapshot } from '../../src/snapshot/derive.js';
import { keyOf } from '../../src/store/format.js';
import type { SnapshotDescriptor } from '../../src/wire/descriptor.js';
import {
  contentOf,
  derivedSnapshot,
  forge,
  type OpenedStore,
  onlyFile,
  openStore,
  parentSnapshot,
  temporaryFolder,
} from '../support/store.js';

const NONE = new Uint8Array();

interface Saved extends OpenedStore {
  readonly directory: string;
  readonly parent: SnapshotDescriptor;
  readonly derived: DerivedSnapshot;
  readonly key: string;
  readonly object: string;
  readonly ready: string;
}

/** A store with one snapshot in it. */
async function saved(t: ExecutionContext): Promise<Saved> {
  const directory = join(temporaryFolder(t), 'store');
  const opened = await openStore(directory);
  const { descriptor: parent } = await parentSnapshot(t);
  const derived = await derivedSnapshot(parent, 1);
  t.teardown(() => derived.close());
  const key = keyOf(parent.hash, 'initialise', NONE);
  t.true(await opened.store.save(key, derived));
  const [object, ready] = [onlyFile(directory, 'objects'), onlyFile(directory, 'ready')];
  return { ...opened, directory, parent, derived, key, object, ready };
}

/** It is not loaded, by that name; saved again, it is. */
async function refusedAs(t: ExecutionContext, saved: Saved, code: string, what: string): Promise<void> {
  const { store, key, parent, derived } = saved;
  t.is(await store.load(key, parent), undefined, what);
  t.deepEqual(saved.codes(), [code], what);
  t.true(await store.save(key, derived), what);
  const loaded = await store.load(key, parent);
  t.deepEqual(saved.codes(), [], what);
  t.is(loaded?.descriptor.hash, derived.descriptor.hash, what);
  loaded?.close();
}

test('what was saved is loaded as it was, by another opening of the directory', async (t) => {
  const { directory, parent, derived, key, store } = await saved(t);
  const before = contentOf(derived);
  derived.close();
  const again = await openStore(directory);
  const loaded = await again.store.load(key, parent);
  t.truthy(loaded);
  if (loaded === undefined) return;
  t.deepEqual(contentOf(loaded), before);
  t.true(loaded.loaded);
  t.false(derived.loaded);
  loaded.close();
  t.deepEqual(again.store.stats, { loaded: 1, saved: 0, refused: 0, unsaved: 0 });
  t.deepEqual(store.stats, { loaded: 0, saved: 1, refused: 0, unsaved: 0 });
});

test('a snapshot without pages, names of odd lengths or anything optional is kept too', async (t) => {
  const { store, parent } = await saved(t);
  const full = await derivedSnapshot(parent, 2);
  const { system: _, frozen: __, hostState: ___, ...least } = full.state;
  const { deriveSnapshot } = await import('../../src/snapshot/derive.js');
  const state = { ...least, kind: 'resume', pages: new Float64Array(), functions: ['', 'ä'] } as const;
  const derived = await deriveSnapshot(parent, state, addon().openImage(full.image.id));
  t.true(await store.save('ab'.repeat(32), derived));
  const loaded = await store.load('ab'.repeat(32), parent);
  t.deepEqual(loaded?.state, derived.state);
  for (const snapshot of [full, derived, loaded]) snapshot?.close();
});

test('pages of zeros are not in the file', async (t) => {
  const { object } = await saved(t);
  const size = lstatSync(object).size;
  t.true(size > 4 * 4096 && size < 5 * 4096, `${size} bytes`);
});

test('other parents, ways and inputs have other keys', (t) => {
  const parents = ['ab'.repeat(32), 'ac'.repeat(32)];
  const keys = parents.flatMap((parent) =>
    (['initialise', 'stdin', 'specialise'] as const).flatMap((how) =>
      [NONE, Uint8Array.of(0), Uint8Array.of(1)].map((input) => keyOf(parent, how, input)),
    ),
  );
  t.is(new Set(keys).size, keys.length);
});

test('a flipped bit is refused wherever it is', async (t) => {
  const all = await saved(t);
  for (const [path, step] of [
    [all.object, 97],
    [all.ready, 1],
  ] as const) {
    const whole = readFileSync(path);
    for (let offset = 0; offset < whole.length; offset += offset < 256 ? 1 : step) {
      const bytes = Buffer.from(whole);
      bytes[offset] = (bytes[offset] ?? 0) ^ (1 << (offset % 8));
      writeFileSync(path, bytes);
      t.is(await all.store.load(all.key, all.parent), undefined, `${path} at ${offset}`);
      const [code, ...more] = all.codes();
      t.regex(code ?? 'none', /^SNAPVM_STORE_(?!WRITE|DIRECTORY)/, `${path} at ${offset}`);
      t.is(more.length, 0);
    }
    writeFileSync(path, whole);
  }
  const loaded = await all.store.load(all.key, all.parent);
  t.deepEqual(all.codes(), []);
  t.truthy(loaded);
  loaded?.close();
});

test('a flipped bit in the contents is a wrong checksum', async (t) => {
  const all = await saved(t);
  const bytes = readFileSync(all.object);
  bytes[9000] = (bytes[9000] ?? 0) ^ 4;
  writeFileSync(all.object, bytes);
  await refusedAs(t, all, 'SNAPVM_STORE_CHECKSUM', 'contents');
});

test('a file that was cut or grew is refused, whatever its length', async (t) => {
  const all = await saved(t);
  for (const path of [all.object, all.ready]) {
    const whole = readFileSync(path);
    const lengths = [0, 1, 7, 8, 31, 111, 255, 256, 287, 288, 4096, whole.length - 33, whole.length - 1];
    for (const length of lengths.filter((length) => length < whole.length)) {
      truncateSync(path, length);
      t.is(await all.store.load(all.key, all.parent), undefined);
      t.regex(all.codes().join(), /^SNAPVM_STORE_(LENGTH|MAGIC)$/, `${path} cut to ${length}`);
      writeFileSync(path, whole);
    }
    writeFileSync(path, Buffer.concat([whole, Buffer.alloc(1)]));
    await refusedAs(t, all, 'SNAPVM_STORE_LENGTH', `${path} with a byte more`);
  }
});

test('swapped files are refused', async (t) => {
  const all = await saved(t);
  const otherKey = keyOf(all.parent.hash, 'stdin', NONE);
  const other = await derivedSnapshot(all.parent, 100);
  t.teardown(() => other.close());
  await all.store.save(otherKey, other);
  const otherObject = join(dirname(all.object), other.descriptor.hash);
  copyFileSync(join(dirname(all.ready), otherKey), all.ready);
  await refusedAs(t, all, 'SNAPVM_STORE_IDENTITY', 'ready files');
  copyFileSync(otherObject, all.object);
  await refusedAs(t, all, 'SNAPVM_STORE_IDENTITY', 'objects');
  // An object of another parent, under its own name.
  const { buildTest, DYN } = await import('../support/snapshot-build.js');
  const stranger = await buildTest({ elf: DYN });
  t.teardown(() => stranger.close());
  t.is(await all.store.load(all.key, stranger.descriptor), undefined);
  t.deepEqual(all.codes(), ['SNAPVM_STORE_IDENTITY']);
});

/** What a forger with the right checksum changes, and by what name it is refused. */
const FORGERIES: readonly (readonly [what: string, change: (bytes: Buffer) => void, code: string])[] = [
  ['an older store format', (bytes) => bytes.writeUInt32LE(0, 8), 'SNAPVM_STORE_VERSION'],
  ['a newer store format', (bytes) => bytes.writeUInt32LE(2, 8), 'SNAPVM_STORE_VERSION'],
  ['another guest ABI', (bytes) => bytes.writeUInt32LE(2, 12), 'SNAPVM_STORE_VERSION'],
  ['an older hash format', (bytes) => bytes.writeUInt32LE(1, 16), 'SNAPVM_STORE_VERSION'],
  ['an older descriptor', (bytes) => bytes.writeUInt32LE(1, 20), 'SNAPVM_STORE_VERSION'],
  ['other CPU features', (bytes) => bytes.fill(7, 24, 56), 'SNAPVM_STORE_CPU'],
  ['another parent', (bytes) => bytes.fill(7, 56, 88), 'SNAPVM_STORE_IDENTITY'],
  ['another file size', (bytes) => bytes.writeBigUInt64LE(1n, 120), 'SNAPVM_STORE_LENGTH'],
  ['no kind', (bytes) => bytes.writeUInt32LE(3, 128), 'SNAPVM_STORE_CONTENT'],
  ['more functions', (bytes) => bytes.writeUInt32LE(3, 132), 'SNAPVM_STORE_CONTENT'],
  [
    'a dispatch address no one has',
    (bytes) => bytes.writeBigUInt64LE(1n << 47n, 136),
    'SNAPVM_STORE_CONTENT',
  ],
  ['another dispatch address', (bytes) => bytes.writeBigUInt64LE(0x40_0020n, 136), 'SNAPVM_STORE_IDENTITY'],
  ['endless names', (bytes) => bytes.writeUInt32LE(0xffff_fffe, 168), 'SNAPVM_STORE_LENGTH'],
  ['endless registers', (bytes) => bytes.writeUInt32LE(0xffff_fffe, 172), 'SNAPVM_STORE_LENGTH'],
  ['no registers', (bytes) => bytes.writeUInt32LE(0xffff_ffff, 172), 'SNAPVM_STORE_LENGTH'],
  ['endless pages', (bytes) => bytes.writeBigUInt64LE(0xffff_ffff_ffff_ffffn, 184), 'SNAPVM_STORE_LENGTH'],
  ['endless contents', (bytes) => bytes.writeBigUInt64LE(1n << 60n, 192), 'SNAPVM_STORE_LENGTH'],
  ['something in what is unused', (bytes) => bytes.writeUInt8(1, 255), 'SNAPVM_STORE_CONTENT'],
  ['a name that ends behind all names', (bytes) => bytes.writeUInt32LE(99, 256), 'SNAPVM_STORE_CONTENT'],
  ['another byte in a page', (bytes) => bytes.writeUInt8(1, bytes.length - 100), 'SNAPVM_STORE_IDENTITY'],
];

test('what was made up, with a checksum that is right, is refused by name', async (t) => {
  const all = await saved(t);
  for (const [what, change, code] of FORGERIES) {
    forge(all.object, change);
    await refusedAs(t, all, code, what);
  }
  forge(all.ready, (bytes) => bytes.writeUInt32LE(0, 8));
  await refusedAs(t, all, 'SNAPVM_STORE_VERSION', 'an older ready file');
});

test('pages that the parent has no memory for are refused', async (t) => {
  const all = await saved(t);
  const list = 256 + 4 + 3 + 4 + 6 + 40 + 50 + 60;
  t.is(readFileSync(all.object).readBigUInt64LE(list), 0x1000n);
  t.is(readFileSync(all.object).readBigUInt64LE(list + 16), 0x4001n, 'the zero page');
  const end = 0x1000n + BigInt(all.parent.memory.imageBytes);
  const words: readonly (readonly [what: string, index: number, word: bigint])[] = [
    ['page 0', 0, 0n],
    ['inside a page', 0, 0x1800n],
    ['twice the same', 1, 0x1000n],
    ['descending', 1, 0x5000n],
    ['behind the image', 3, end],
    ['before scratch', 3, 0x10_0000_0000n - BigInt(all.parent.memory.scratchBytes) - 0x1000n],
    ['behind scratch', 4, 0x10_0000_0000n],
    ['the end of all addresses', 4, 0xffff_ffff_ffff_f000n],
    ['one more zero page', 1, 0x2001n],
    ['one zero page less', 2, 0x4000n],
  ];
  for (const [what, index, word] of words) {
    forge(all.object, (bytes) => bytes.writeBigUInt64LE(word, list + index * 8));
    await refusedAs(t, all, 'SNAPVM_STORE_CONTENT', what);
  }
});

test('links, pipes, folders and files of others are refused', async (t) => {
  const all = await saved(t);
  const aside = join(dirname(all.directory), 'aside');
  for (const path of [all.object, all.ready]) {
    copyFileSync(path, aside);
    unlinkSync(path);
    symlinkSync(aside, path);
    await refusedAs(t, all, 'SNAPVM_STORE_FILE', 'a link');
    t.true(lstatSync(path).isFile(), 'the link is replaced');
    t.deepEqual(readFileSync(aside), readFileSync(path), 'and what it led to is left alone');
    unlinkSync(path);
    execFileSync('mkfifo', [path]);
    await refusedAs(t, all, 'SNAPVM_STORE_FILE', 'a pipe');
    unlinkSync(path);
    mkdirSync(path);
    t.is(await all.store.load(all.key, all.parent), undefined);
    t.false(await all.store.save(all.key, all.derived));
    t.deepEqual(all.codes(), ['SNAPVM_STORE_FILE', 'SNAPVM_STORE_WRITE'], 'a folder');
    rmSync(path, { recursive: true });
    await all.store.save(all.key, all.derived);
  }
  if (process.getuid?.() !== 0) return t.log('not root: no files of other users');
  chownSync(all.object, 4711, 4711);
  await refusedAs(t, all, 'SNAPVM_STORE_FILE', "another user's");
});

test('an object that is gone is refused, and a key that was never saved is no problem', async (t) => {
  const all = await saved(t);
  unlinkSync(all.object);
  await refusedAs(t, all, 'SNAPVM_STORE_FILE', 'missing');
  t.is(await all.store.load('00'.repeat(32), all.parent), undefined);
  t.deepEqual(all.codes(), []);
});

test('a directory that is not a store is refused, and nothing is written to it', async (t) => {
  const folder = temporaryFolder(t);
  const refused = async (directory: string, why: RegExp): Promise<void> => {
    const error = await t.throwsAsync(openStore(directory), { instanceOf: SnapvmError, message: why });
    t.is((error as SnapvmError).code, 'SNAPVM_STORE_DIRECTORY');
  };
  writeFileSync(join(folder, 'letter.txt'), 'hello');
  await refused(folder, /files that are not of one/);
  t.false(existsSync(join(folder, 'objects')));
  await refused(join(folder, 'letter.txt'), /EEXIST|ENOTDIR/);
  await refused(join(folder, 'letter.txt', 'deeper'), /ENOTDIR/);
  const open = join(folder, 'open');
  mkdirSync(open);
  execFileSync('chmod', ['777', open]);
  await refused(open, /has mode 0777; other users may write to it/);
  const linked = join(folder, 'linked');
  mkdirSync(linked);
  symlinkSync(folder, join(linked, 'objects'));
  await refused(linked, /objects in it is no directory/);
});

test('a store that others could change is refused, by the folder, its owner and its mode', async (t) => {
  const top = temporaryFolder(t);
  const directory = join(top, 'above', 'store');
  await openStore(directory);
  const owner = process.geteuid?.() ?? 0;
  const folders = [directory, join(directory, 'objects'), join(directory, 'ready'), join(top, 'above')];
  for (const folder of folders) {
    for (const mode of [0o770, 0o702]) {
      chmodSync(folder, mode);
      const error = await t.throwsAsync(openStore(directory), {
        instanceOf: SnapvmError,
        message: /chmod go-w/,
      });
      t.like(error, {
        code: 'SNAPVM_STORE_DIRECTORY',
        details: { path: directory, folder, owner, mode: `0${mode.toString(8)}` },
      });
    }
    chmodSync(folder, 0o700);
    await openStore(directory);
    if (owner !== 0) continue;
    chownSync(folder, 65534, 65534);
    const error = await t.throwsAsync(openStore(directory), {
      message: /belongs to user 65534 .*chown it to 0/,
    });
    t.like(error, { code: 'SNAPVM_STORE_DIRECTORY', details: { folder, owner: 65534 } });
    chownSync(folder, 0, 0);
  }
  if (owner !== 0) t.log('folders of other users left out: only root can make them');
  chmodSync(join(top, 'above'), 0o1777); // as /tmp: nobody can replace what is this user's
  await openStore(directory);
});

test('a directory of another format is said so, and taken over', async (t) => {
  const all = await saved(t);
  writeFileSync(join(all.directory, 'format'), 'snapvm store 0\n');
  const again = await openStore(all.directory);
  t.deepEqual(again.codes(), ['SNAPVM_STORE_VERSION']);
  t.deepEqual((await openStore(all.directory)).codes(), []);
  const loaded = await again.store.load(all.key, all.parent);
  t.truthy(loaded);
  loaded?.close();
});

test('a directory may be reached through a link, and moved', async (t) => {
  const all = await saved(t);
  const folder = dirname(all.directory);
  renameSync(all.directory, join(folder, 'moved'));
  symlinkSync('moved', join(folder, 'link'));
  const again = await openStore(join(folder, 'link'));
  const loaded = await again.store.load(all.key, all.parent);
  t.truthy(loaded);
  loaded?.close();
});
