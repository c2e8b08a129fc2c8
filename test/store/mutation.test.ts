// Objects of a store that somebody changed, the checksum made right again: each loads, or is refused by name.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import fc from 'fast-check';
import { blake3Of } from '../../src/snapshot/blake3.js';
import { HASH_BYTES, keyOf, OBJECT_HEADER_BYTES } from '../../src/store/format.js';
import {
  contentOf,
  derivedSnapshot,
  onlyFile,
  openStore,
  parentSnapshot,
  temporaryFolder,
} from '../support/store.js';

const RUNS = 300;

/** Numbers that break arithmetic, and any. */
const number = fc.oneof(
  fc.constantFrom(0n, 1n, 0xfffn, 0x1000n, 0x7fff_ffffn, 0xffff_ffffn, 1n << 53n, (1n << 64n) - 1n),
  fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }),
);
const change = fc.record({
  /** Most are in the header and the tables behind it, where lengths and addresses are. */
  at: fc.oneof({ weight: 3, arbitrary: fc.nat(2 * OBJECT_HEADER_BYTES) }, { weight: 1, arbitrary: fc.nat() }),
  width: fc.constantFrom(1, 2, 4, 8),
  value: number,
});

test('a changed object with the right checksum is loaded whole, or refused by a code of the store', async (t) => {
  const directory = join(temporaryFolder(t), 'store');
  const { store, problems } = await openStore(directory);
  const { descriptor: parent } = await parentSnapshot(t);
  const derived = await derivedSnapshot(parent, 1);
  t.teardown(() => derived.close());
  const key = keyOf(parent.hash, 'initialise', new Uint8Array());
  t.true(await store.save(key, derived));
  const path = onlyFile(directory, 'objects');
  const original = readFileSync(path);
  const before = contentOf(derived);
  const outcomes = new Map<string, number>();

  const attempt = async (object: Uint8Array): Promise<void> => {
    const body = object.subarray(0, Math.max(0, object.length - HASH_BYTES));
    writeFileSync(path, Buffer.concat([body, blake3Of(body)]));
    const loaded = await store.load(key, parent);
    const told = problems.splice(0).map(({ error }) => error.code);
    if (loaded === undefined) {
      if (told.length !== 1 || !told[0]?.startsWith('SNAPVM_STORE_')) throw new Error(`it told ${told}`);
    } else {
      const content = contentOf(loaded);
      loaded.close();
      t.deepEqual(content, before);
    }
    const outcome = told[0] ?? 'loaded';
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  };

  // What is refused is deleted: the ready file has to be there again.
  const ready = onlyFile(directory, 'ready');
  const readyBytes = readFileSync(ready);
  const renewed = async (object: Uint8Array): Promise<void> => {
    writeFileSync(ready, readyBytes);
    await attempt(object);
  };

  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 3 }), async (changes) => {
      const object = Buffer.from(original);
      for (const { at, width, value } of changes) {
        const bytes = Buffer.alloc(8);
        bytes.writeBigUInt64LE(value);
        bytes.copy(object, at % (object.length - 8), 0, width);
      }
      await renewed(object);
    }),
    { numRuns: RUNS },
  );
  await fc.assert(
    fc.asyncProperty(fc.nat(original.length), fc.uint8Array({ maxLength: 64 }), (length, more) =>
      renewed(Buffer.concat([original.subarray(0, length), more])),
    ),
    { numRuns: RUNS / 4 },
  );
  t.log([...outcomes].map(([outcome, count]) => `${outcome} ${count}`).join(', '));
  t.true(outcomes.size > 2, 'it is refused in more than one way');
  await renewed(original);
  t.is(outcomes.get('loaded') !== undefined, true);
});
