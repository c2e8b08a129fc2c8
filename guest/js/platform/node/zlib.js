// Node's zlib: browserify-zlib, which is its code on pako. There is no brotli.
import zlib from 'browserify-zlib';
import { missing } from '../shared/host-module.js';
import { promisify } from '../shared/promisify.js';

const BROTLI = ['brotliCompress', 'brotliCompressSync', 'brotliDecompress', 'brotliDecompressSync'].concat(
  'createBrotliCompress',
  'createBrotliDecompress',
  'BrotliCompress',
  'BrotliDecompress',
);
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

const all = { ...zlib, crc32 };
for (const name of BROTLI) all[name] = missing(`zlib.${name}`);
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
