// Derived snapshots share what is equal: pages with their parent, whole layers with each other.
import { closeSync, ftruncateSync, openSync, readdirSync, readlinkSync, writeSync } from 'node:fs';
import test from 'ava';
import { addon } from '../../src/addon/addon.js';
import type { DerivedSnapshot } from '../../src/snapshot/derive.js';
import { PAGE } from '../support/snapshot-build.js';
import { derivedSnapshot, parentSnapshot } from '../support/store.js';

function isOpen(imageId: number): boolean {
  try {
    addon().openImage(imageId).close();
    return true;
  } catch {
    return false;
  }
}

function ownImage({ descriptor }: DerivedSnapshot): number {
  return descriptor.layers.at(-1)?.imageId ?? -1;
}

test('equal layers are one, as long as anybody has it', async (t) => {
  const { descriptor: parent } = await parentSnapshot(t);
  const first = await derivedSnapshot(parent, 1);
  const second = await derivedSnapshot(parent, 1);
  const other = await derivedSnapshot(parent, 2);
  t.not(first.descriptor.id, second.descriptor.id);
  t.is(ownImage(first), ownImage(second));
  t.not(ownImage(first), ownImage(other));
  const image = ownImage(first);
  first.close();
  first.close();
  t.true(isOpen(image), 'the second has it still');
  const third = await derivedSnapshot(parent, 1);
  t.is(ownImage(third), image);
  for (const snapshot of [second, third, other]) snapshot.close();
  t.false(isOpen(image));
  const fourth = await derivedSnapshot(parent, 1);
  t.not(ownImage(fourth), image);
  fourth.close();
});

test('snapshots of equal pages that differ otherwise are not mixed up', async (t) => {
  const { descriptor: parent } = await parentSnapshot(t);
  const one = await derivedSnapshot(parent, 30);
  const changes = [{ rsp: 0x5fff_fffe_0000n }, { functions: ['one'] }, { hostState: Uint8Array.of(1) }];
  for (const change of changes) {
    const other = await derivedSnapshot(parent, 30, change);
    t.not(other.descriptor.hash, one.descriptor.hash);
    t.not(ownImage(other), ownImage(one));
    other.close();
  }
  one.close();
});

/** The files in memory with images, which this process has open. */
function imageFiles(): string[] {
  return readdirSync('/proc/self/fd')
    .map((fd) => `/proc/self/fd/${fd}`)
    .filter(isImage);
}

function isImage(path: string): boolean {
  try {
    return readlinkSync(path).startsWith('/memfd:snapvm-image');
  } catch {
    return false; // it was the descriptor of the folder
  }
}

test('the kernel refuses changes of an image, to this process as well', async (t) => {
  const { descriptor: parent } = await parentSnapshot(t);
  const derived = await derivedSnapshot(parent, 1);
  t.teardown(() => derived.close());
  const paths = imageFiles();
  t.true(paths.length >= 2, 'of the parent and its own');
  for (const path of paths) {
    const file = openSync(path, 'r+');
    t.teardown(() => closeSync(file));
    for (const change of [
      () => writeSync(file, Uint8Array.of(1), 0, 1, PAGE),
      () => ftruncateSync(file, 0),
      () => ftruncateSync(file, 2 ** 30),
    ])
      t.throws(change, { code: 'EPERM' }, path);
  }
});

test('a layer is written through its handle until it is sealed', (t) => {
  const image = addon().createLayer(4 * PAGE);
  t.teardown(() => image.close());
  t.is(image.byteLength, 4 * PAGE);
  t.is(image.heldBytes, 0);
  image.write(PAGE + 1, Uint8Array.of(7));
  t.is(image.heldBytes, PAGE, 'pages that nobody wrote take no memory');
  for (const offset of [-1, 4 * PAGE, 4 * PAGE + 1, 2 ** 60]) {
    t.throws(() => image.write(offset, Uint8Array.of(1)), undefined, `${offset}`);
  }
  t.throws(() => image.write(1, new Uint8Array(4 * PAGE)));
  image.seal();
  t.throws(() => image.write(0, Uint8Array.of(1)), { message: /sealed/ });
  const back = new Uint8Array(2);
  image.read(PAGE, back);
  t.deepEqual([...back], [0, 7]);
  for (const bytes of [0, -PAGE, 1, PAGE + 1])
    t.throws(() => addon().createLayer(bytes), undefined, `${bytes}`);
});
