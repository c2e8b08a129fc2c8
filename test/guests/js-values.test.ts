// Values as bytes: what comes back is what was sent, and what a hostile guest may send instead is refused.
import test from 'ava';
import fc from 'fast-check';
import { SnapvmError } from '../../src/base/errors.js';
import { decodeHostCall } from '../../src/guests/js/codec.js';
import { decodeValue, encodeValue } from '../../src/guests/js/values.js';
import type { JsValue } from '../../src/guests/value.js';

/** As a guest sends it: without the NUL that its parser wants. */
function fromGuest(encoded: Uint8Array): Uint8Array {
  if (encoded[0] === 1) return encoded.subarray(0, -1);
  if (encoded[0] !== 3) return encoded;
  const view = new DataView(encoded.buffer, encoded.byteOffset);
  const length = view.getUint32(1, true);
  const shorter = new Uint8Array(encoded.length - 1);
  shorter.set(encoded.subarray(0, 5 + length - 1));
  shorter.set(encoded.subarray(5 + length), 5 + length - 1);
  new DataView(shorter.buffer).setUint32(1, length - 1, true);
  return shorter;
}

const { value: jsValue } = fc.letrec<{ value: JsValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constant(null),
    fc.boolean(),
    fc.integer(),
    fc.string({ unit: 'binary' }),
    fc.string().map((text) => `\u0001${text}`),
    fc.uint8Array(),
    fc.array(tie('value')),
    fc.dictionary(fc.string(), tie('value'), { noNullPrototype: true }),
  ),
}));

test('every value comes back as it was sent', (t) => {
  fc.assert(
    fc.property(jsValue, (value) => {
      t.deepEqual(decodeValue(fromGuest(encodeValue(value, 'input'))), value);
    }),
    { numRuns: 2000 },
  );
});

test('no bytes make decoding throw anything but SNAPVM_GUEST_PROTOCOL, or give more bytes than were sent', (t) => {
  const mutated = fc
    .tuple(jsValue, fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 }), fc.nat())
    .map(([value, changes, cut]) => {
      const bytes = new Uint8Array(fromGuest(encodeValue(value, 'input')));
      for (const [at, byte] of changes) bytes[at % bytes.length] = byte;
      return cut % 3 === 0 ? bytes.subarray(0, cut % (bytes.length + 1)) : bytes;
    });
  fc.assert(
    fc.property(fc.oneof(mutated, fc.uint8Array()), (bytes) => {
      try {
        t.true(countBytes(decodeValue(bytes)) <= bytes.length);
      } catch (error) {
        t.true(error instanceof SnapvmError && error.code === 'SNAPVM_GUEST_PROTOCOL', String(error));
      }
    }),
    { numRuns: 3000 },
  );
});

test('a text that stands for the same bytes again and again is refused', (t) => {
  const json = JSON.stringify(Array.from({ length: 1000 }, () => '\u00010,1000'));
  const bytes = new Uint8Array(5 + json.length + 1000);
  bytes[0] = 3;
  new DataView(bytes.buffer).setUint32(1, json.length, true);
  bytes.set(new TextEncoder().encode(json), 5);
  t.throws(() => decodeValue(bytes), { code: 'SNAPVM_GUEST_PROTOCOL' });
});

test('a key "__proto__" is a key', (t) => {
  const encoded = encodeValue({ ['__proto__']: { polluted: new Uint8Array(1) } }, 'input');
  const value = decodeValue(fromGuest(encoded)) as object;
  t.is(Object.getPrototypeOf(value), Object.prototype);
  t.true(Object.hasOwn(value, '__proto__'));
});

test('a host call is a list of values, and nothing else', (t) => {
  const payload = fromGuest(encodeValue(['a', 1], 'x'));
  t.deepEqual(decodeHostCall(payload), { input: new TextEncoder().encode('a'), args: ['a', 1] });
  for (const value of [undefined, 1, {}, new Uint8Array(3)]) {
    t.throws(() => decodeHostCall(fromGuest(encodeValue(value, 'x'))), { code: 'SNAPVM_GUEST_PROTOCOL' });
  }
});

function countBytes(value: JsValue): number {
  if (value instanceof Uint8Array) return value.length;
  if (typeof value !== 'object' || value === null) return 0;
  return Object.values(value).reduce((sum: number, part) => sum + countBytes(part as JsValue), 0);
}
