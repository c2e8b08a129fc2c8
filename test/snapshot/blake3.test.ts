// The native BLAKE3 and the one in JavaScript are the same function, and one stands in for the other.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import test from 'ava';
import fc from 'fast-check';
import { createBlake3, isNative, SLICE } from '../../src/snapshot/blake3.js';
import { filled } from '../support/elf-builder.js';

type Kind = Parameters<typeof createBlake3>[0];

function digest(kind: Kind, parts: readonly Uint8Array[]): string {
  const hasher = createBlake3(kind);
  for (const part of parts) hasher.update(part);
  return Buffer.from(hasher.digest()).toString('hex');
}

test('the native package loads here', (t) => {
  t.true(isNative);
  t.true(SLICE > 1 << 20);
});

test('digests are equal for every length around a block, a chunk and a subtree', (t) => {
  const bytes = filled(70_000, 5);
  const lengths = new Set<number>();
  for (const edge of [0, 64, 1024, 2048, 4096, 8192, 16_384, 65_536])
    for (let length = Math.max(0, edge - 3); length <= edge + 3; length++) lengths.add(length);
  for (const length of lengths) {
    const part = bytes.subarray(0, length);
    t.is(digest('best', [part]), digest('javascript', [part]), `${length} bytes`);
  }
});

test('digests are equal however the bytes are cut', (t) => {
  const bytes = filled(200_000, 6);
  const cuts = fc.array(fc.nat(40_000), { maxLength: 30 });
  t.notThrows(() =>
    fc.assert(
      fc.property(cuts, cuts, (one, other) => {
        const [a, b] = [one, other].map((sizes) => {
          const parts: Uint8Array[] = [];
          let at = 0;
          for (const size of sizes) {
            parts.push(bytes.subarray(at, at + size));
            at = Math.min(at + size, bytes.length);
          }
          return [...parts, bytes.subarray(at)];
        });
        return digest('best', a ?? []) === digest('javascript', b ?? []);
      }),
      { numRuns: 40 },
    ),
  );
});

test('memory shared with other threads is hashed too', (t) => {
  const options: { maxByteLength: number } = { maxByteLength: 8192 };
  const shared = new Uint8Array(new SharedArrayBuffer(8192, options), 0, 8192);
  shared.set(filled(8192, 7));
  t.is(digest('best', [shared.subarray(100)]), digest('javascript', [filled(8192, 7).subarray(100)]));
});

/** A process in which the native package does not load. */
const WITHOUT = `
  import Module from 'node:module';
  const load = Module._load;
  Module._load = (request, ...rest) => {
    if (request.startsWith('@napi-rs/blake-hash')) throw new Error('not here');
    return load(request, ...rest);
  };
  const { isNative, SLICE } = await import(${JSON.stringify(new URL('../../src/snapshot/blake3.js', import.meta.url).href)});
  const { hashMemory } = await import(${JSON.stringify(new URL('../../src/snapshot/hash.js', import.meta.url).href)});
  const bytes = Uint8Array.from({ length: 102400 }, (_, index) => index % 251);
  console.log(JSON.stringify({ isNative, SLICE, hash: await hashMemory(bytes.length, [{ offset: 0, bytes }]) }));
`;

test('where the native package does not load, hashes are what they are elsewhere', async (t) => {
  const args = ['--input-type=module', '-e', WITHOUT];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  t.deepEqual(JSON.parse(stdout), {
    isNative: false,
    SLICE: 128 << 10,
    hash: 'bc3e3d41a1146b069abffad3c0d44860cf664390afce4d9661f7902e7943e085',
  });
});
