// The files of a Linux program as one file: what was packed comes out, and nothing else does.
import test from 'ava';
import { packFiles, unpackFiles } from '../../src/server/functions/packed-files.js';

const FILES = [
  { path: '/a', mode: 0o755, bytes: Uint8Array.of(1, 2, 3) },
  { path: '/empty', mode: 0o600, bytes: new Uint8Array() },
  { path: '/ünïcode/"quoted"\n', mode: 0o644, bytes: Uint8Array.of(0, 255) },
];

test('what was packed comes out', (t) => {
  for (const files of [FILES, FILES.slice(1), []]) {
    const unpacked = unpackFiles(packFiles(files)).map((file) => ({
      ...file,
      bytes: new Uint8Array(file.bytes),
    }));
    t.deepEqual(unpacked, files);
  }
});

test('what was cut anywhere, or is longer, is refused', (t) => {
  const packed = packFiles(FILES);
  for (let length = 0; length < packed.length; length++)
    t.throws(() => unpackFiles(packed.subarray(0, length)));
  t.throws(() => unpackFiles(Buffer.concat([packed, new Uint8Array(1)])));
});

test('a changed byte is refused, or changes no more than a file', (t) => {
  const packed = packFiles(FILES);
  for (let at = 0; at < packed.length; at++) {
    const changed = Uint8Array.from(packed);
    changed[at] = (changed[at] ?? 0) ^ 1;
    try {
      const total = unpackFiles(changed).reduce((sum, { bytes }) => sum + bytes.length, 0);
      t.is(total, 5);
    } catch (error) {
      t.true(error instanceof Error, `${at}`);
    }
  }
});

test('lengths that lie are refused', (t) => {
  const head = 'snapvm files 1\n';
  const lies = [
    [{ path: '/a', mode: 1, bytes: -1 }],
    [{ path: '/a', mode: 1, bytes: 2 ** 40 }],
    [{ path: '/a', mode: 1, bytes: 0.5 }],
    [{ path: '/a', mode: '1', bytes: 0 }],
    [{ path: 7, mode: 1, bytes: 0 }],
    [null],
    { length: 0 },
  ];
  for (const list of lies) {
    const text = Buffer.from(JSON.stringify(list));
    const length = Buffer.alloc(4);
    length.writeUInt32LE(text.length);
    t.throws(
      () => unpackFiles(Buffer.concat([Buffer.from(head), length, text])),
      undefined,
      JSON.stringify(list),
    );
  }
});
