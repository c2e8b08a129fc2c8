// Node's buffer: the npm package of that name, with base64url, and text by the engine's own coders.
import * as base from 'buffer/index.js';
import { define } from '../shared/define.js';
import { missing } from '../shared/host-module.js';

const { Buffer, SlowBuffer, INSPECT_MAX_BYTES, kMaxLength } = base.default ?? base;
const { from, isEncoding, byteLength, alloc, concat } = Buffer;
const { toString: textOf, write, fill, indexOf, lastIndexOf, includes, equals } = Buffer.prototype;
const MOST_STRING = 0x1fffffe8;
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
const encoder = new TextEncoder();

const isUrl = (encoding) => typeof encoding === 'string' && encoding.toLowerCase() === 'base64url';
const plain = (encoding) => (isUrl(encoding) ? 'base64' : encoding);
const isUtf8Name = (encoding) => encoding === undefined || encoding === null || /^utf-?8$/i.test(encoding);

define(Buffer, 'from', (value, encoding, length) => {
  if (typeof value === 'string' && isUtf8Name(encoding)) return wrap(encoder.encode(value));
  return coded(() => from(value, plain(encoding), length));
});
define(Buffer, 'isEncoding', (encoding) => isUrl(encoding) || isEncoding(encoding));
define(Buffer, 'byteLength', (value, encoding) => {
  if (typeof value === 'string' && isUtf8Name(encoding)) return encoder.encode(value).length;
  if (typeof value === 'string' && plain(encoding) === 'base64')
    return (value.replace(/={1,2}$/, '').length * 3) >>> 2;
  return byteLength(value, plain(encoding));
});
define(Buffer, 'alloc', (size, value, encoding) => coded(() => alloc(size, value, plain(encoding))));
define(Buffer, 'concat', (list, length) => {
  if (!Array.isArray(list) || length !== undefined) return concat(list, length);
  const all = Buffer.allocUnsafe(list.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of list) {
    if (!(part instanceof Uint8Array)) return concat(list, length);
    all.set(part, at);
    at += part.length;
  }
  return all;
});
define(Buffer, 'copyBytesFrom', (view, offset = 0, length = view.length - offset) => {
  const part = view.subarray(offset, offset + length);
  return Buffer.from(new Uint8Array(part.buffer, part.byteOffset, part.byteLength));
});

define(Buffer.prototype, 'toString', function (encoding, start, end) {
  if (isUtf8Name(encoding)) return decoder.decode(this.subarray(start ?? 0, end ?? this.length));
  if (!isUrl(encoding)) return textOf.call(this, encoding, start, end);
  return textOf.call(this, 'base64', start, end).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
});
// Packages tell a polyfill by it.
delete Buffer.TYPED_ARRAY_SUPPORT;
for (const encoding of ['ascii', 'base64', 'base64url', 'hex', 'latin1', 'ucs2', 'utf8']) {
  define(Buffer.prototype, `${encoding}Slice`, function (start, end) {
    return this.toString(encoding, start, end);
  });
  define(Buffer.prototype, `${encoding}Write`, function (text, offset = 0, length = this.length - offset) {
    return this.write(text, offset, length, encoding);
  });
}
define(Buffer.prototype, 'toLocaleString', Buffer.prototype.toString);
define(Buffer.prototype, 'write', function (text, ...rest) {
  return write.call(this, text, ...rest.map(plain));
});
define(Buffer.prototype, 'fill', function (value, ...rest) {
  return fill.call(this, value, ...rest.map(plain));
});
for (const [name, find] of Object.entries({ indexOf, lastIndexOf, includes }))
  define(Buffer.prototype, name, function (value, offset, encoding) {
    return find.call(this, value, plain(offset), plain(encoding));
  });
define(Buffer.prototype, 'equals', function (other) {
  return equals.call(this, Buffer.isBuffer(other) ? other : wrap(other));
});
// The engine's own subarray calls what its species says: a Buffer needs its prototype only.
for (const name of ['subarray', 'slice'])
  define(Buffer.prototype, name, function (start, end) {
    const all = new Uint8Array(this.buffer, this.byteOffset, this.byteLength);
    return Object.setPrototypeOf(all.subarray(start, end), Buffer.prototype);
  });

/** The codes of Node's errors, which the package's do not have. */
function coded(run) {
  try {
    return run();
  } catch (error) {
    error.code ??= error instanceof RangeError ? 'ERR_OUT_OF_RANGE' : 'ERR_INVALID_ARG_TYPE';
    throw error;
  }
}

function wrap(bytes) {
  return Object.setPrototypeOf(
    new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength),
    Buffer.prototype,
  );
}

function isUtf8(bytes) {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

export { Buffer };

const all = {
  Buffer,
  SlowBuffer,
  INSPECT_MAX_BYTES,
  kMaxLength,
  kStringMaxLength: MOST_STRING,
  constants: { MAX_LENGTH: kMaxLength, MAX_STRING_LENGTH: MOST_STRING },
  isUtf8,
  isAscii: (bytes) => new Uint8Array(bytes.buffer ?? bytes).every((byte) => byte < 0x80),
  transcode: (bytes, fromEncoding, toEncoding) =>
    Buffer.from(Buffer.from(bytes).toString(fromEncoding), toEncoding),
  atob: globalThis.atob,
  btoa: globalThis.btoa,
  resolveObjectURL: missing('buffer.resolveObjectURL'),
};

// Who reads them has loaded what installs them: a module that wants bytes only should not carry them.
for (const name of ['Blob', 'File'])
  Object.defineProperty(all, name, { get: () => globalThis[name], enumerable: true, configurable: true });

export default all;
