// Node's zlib: browserify-zlib, which is its code on pako, and what there is of Brotli.
import zlib from 'browserify-zlib';
import { compress, decoder } from '../shared/brotli.js';
import { promisify } from '../shared/promisify.js';
import { Buffer } from './buffer.js';
import stream from './stream.js';

const MOST = 2 ** 31 - 1;
const table = new Uint32Array(256).map((_, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  return value;
});

function crc32(data, start = 0) {
  let value = ~start;
  for (const byte of typeof data === 'string' ? new TextEncoder().encode(data) : data)
    value = table[(value ^ byte) & 0xff] ^ (value >>> 8);
  return ~value >>> 0;
}

function bytesOf(data) {
  if (typeof data === 'string') return new TextEncoder().encode(data);
  if (data instanceof ArrayBuffer) return new Uint8Array(data);
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

function decompressed(data, { maxOutputLength = MOST } = {}) {
  return Buffer.from(decoder.decompress(bytesOf(data), maxOutputLength));
}

/** All of it when it ends. */
class BrotliStream extends stream.Transform {
  #run;
  #options;
  #parts = [];

  constructor(run, options) {
    super(options);
    this.#run = run;
    this.#options = options;
  }

  _transform(part, _encoding, done) {
    this.#parts.push(part);
    done();
  }

  _flush(done) {
    try {
      done(null, this.#run(Buffer.concat(this.#parts), this.#options));
    } catch (error) {
      done(error);
    }
  }
}

function asynchronous(run) {
  const tell = (data, options, done = options) => {
    setImmediate(() => {
      let result;
      try {
        result = run(data, typeof options === 'function' ? {} : options);
      } catch (error) {
        done(error);
        return;
      }
      done(null, result);
    });
  };
  const promised = (data, options = {}) =>
    new Promise((resolve, reject) => {
      tell(data, options, (error, result) => (error ? reject(error) : resolve(result)));
    });
  return Object.defineProperty(tell, promisify.custom, { value: promised, configurable: true });
}

const all = { ...zlib, crc32 };
// Their names are made up, lest they be found in the code of a bundle that does not use them.
for (const [kind, run] of Object.entries({ Compress: compress, Decompress: decompressed })) {
  all[`brotli${kind}Sync`] = run;
  all[`brotli${kind}`] = asynchronous(run);
  all[`createBrotli${kind}`] = (options) => new BrotliStream(run, options);
  all[`Brotli${kind}`] = BrotliStream;
}
for (const name of ['deflate', 'deflateRaw', 'gzip', 'gunzip', 'inflate', 'inflateRaw', 'unzip'])
  all[name] = Object.defineProperty(zlib[name], promisify.custom, {
    value: (data, options = {}) =>
      new Promise((resolve, reject) => {
        zlib[name](data, options, (error, result) => (error ? reject(error) : resolve(result)));
      }),
    configurable: true,
  });
all.constants = Object.fromEntries(Object.entries(zlib).filter(([name]) => /^Z_/.test(name)));

export default all;
