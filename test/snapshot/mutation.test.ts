import test from 'ava';
import fc from 'fast-check';
import { ERROR_CODES, SnapvmError } from '../../src/base/errors.js';
import { patched } from '../support/elf-builder.js';
import { elfTables, realElfs } from '../support/elf-files.js';
import { buildTest } from '../support/snapshot-build.js';

/** Values that break arithmetic, and any others. */
const VALUE = fc.oneof(
  fc.constantFrom(
    ...[0n, 1n, 7n, 8n, 0xffen, 0xfffn, 0x1000n, 0x1001n, 0x10_0000n, 0x7fff_ffffn, 0x8000_0000n],
    ...[0xffff_ffffn, 1n << 32n, 1n << 47n, 1n << 63n, 0xffff_ffff_8000_0000n],
    ...[0xffff_ffff_ffff_f000n, 0xffff_ffff_ffff_fff8n, 0xffff_ffff_ffff_ffffn],
  ),
  fc.bigInt({ min: 0n, max: 0xffff_ffff_ffff_ffffn }),
  fc.bigInt({ min: 0n, max: 0xffn }),
);

/** Far over what a build takes, and far under a loop that a file's numbers control. */
const MAX_MS = 10_000;

const elfs = realElfs((reason) => console.log(`left out: ${reason}`));

for (const { name, bytes, privilege, relocate } of elfs) {
  test.serial(`a mutated ELF gives a snapshot or an error with a code: ${name}`, async (t) => {
    const whole = await buildTest({ elf: bytes, privilege }, {}, { relocate });
    whole.close();
    const place = fc
      .constantFrom(...elfTables(bytes))
      .chain(([offset, length]) => fc.integer({ min: offset, max: offset + length - 1 }));
    const change = fc.record({
      at: place,
      width: fc.constantFrom(1, 2, 4, 8),
      value: VALUE,
      aligned: fc.boolean(),
    });
    const outcomes = new Map<string, number>();
    const attempt = async (file: Uint8Array): Promise<void> => {
      const started = performance.now();
      let outcome = 'built';
      try {
        const snapshot = await buildTest({ elf: file, privilege }, {}, { relocate });
        snapshot.symbolize(snapshot.entry.address);
        if (snapshot.translate(snapshot.entry.address)?.flags === undefined)
          throw new Error('entry not mapped');
        snapshot.close();
      } catch (error) {
        if (!(error instanceof SnapvmError)) throw error;
        if (!(error.code in ERROR_CODES) || error.code === 'SNAPVM_INTERNAL') throw error;
        outcome = error.code;
      }
      const took = performance.now() - started;
      if (took > MAX_MS) throw new Error(`${outcome} after ${took} ms`);
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    };
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 4 }), async (changes) => {
        let file = bytes;
        for (const { at, width, value, aligned } of changes) {
          const offset = Math.min(aligned ? at - (at % width) : at, file.length - width);
          file = patched(file, offset, width, value);
        }
        await attempt(file);
      }),
      { numRuns: 150 },
    );
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: bytes.length - 1 }), (length) =>
        attempt(bytes.slice(0, length)),
      ),
      { numRuns: 30 },
    );
    t.true((outcomes.get('built') ?? 0) > 0, 'some mutants build');
    t.true(outcomes.size > 3, `kinds of outcome: ${[...outcomes].join(' ')}`);
    t.log([...outcomes].map(([outcome, count]) => `${outcome} ${count}`).join(', '));
  });
}
