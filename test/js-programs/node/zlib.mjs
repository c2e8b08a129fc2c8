import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import zlib, { constants, gunzipSync, gzipSync } from 'node:zlib';

const text = 'some text that repeats, some text that repeats, some text that repeats';

const BROTLI = 'G0cA+I3UYa2xOOs5lreyBdKWhKhiTp7ASEn5+U45BQ==';
/** Of more parts than one. */
const LARGE =
  'i6dhAATcYBjLguCPR4P7pucCBMIkRTMsx6NAQkaJCjUatOjQ48DCxokLNx68+PCTQYo0mWSRTQ655JFPBSXKVFJFNTXUUkc9HbRo' +
  '00kX3fTQSx/9TDBizCRTTDPDLHPMs8GKNZtssc0Ou+yxzwUnzlxyxTU33HLHPR+8ePPJF9/8EAiTcAzVFBAAJADisAAQ8gEA';

export default async () => [
  zlib.deflateSync(text).toString('hex'),
  zlib.deflateRawSync(text, { level: 9 }).toString('base64'),
  zlib.inflateSync(zlib.deflateSync(text)).toString(),
  gunzipSync(gzipSync(Buffer.from(text))).toString(),
  zlib.unzipSync(zlib.gzipSync(text)).length,
  (await promisify(zlib.gunzip)(await promisify(zlib.gzip)(text))).toString(),
  await new Promise((resolve) =>
    zlib.inflate(Buffer.from('nonsense'), (error) => resolve([error.code, error.errno])),
  ),
  await new Promise((resolve) => {
    const parts = [];
    const stream = zlib.createGzip();
    stream
      .pipe(zlib.createGunzip())
      .on('data', (part) => parts.push(part))
      .on('end', () => resolve(Buffer.concat(parts).toString()));
    stream.write(text.slice(0, 10));
    stream.end(text.slice(10));
  }),
  zlib.brotliDecompressSync(Buffer.from(BROTLI, 'base64')).toString(),
  createHash('sha1')
    .update(zlib.brotliDecompressSync(Buffer.from(LARGE, 'base64')))
    .digest('hex'),
  (await promisify(zlib.brotliDecompress)(Buffer.from(BROTLI, 'base64'))).length,
  await new Promise((resolve) =>
    zlib.brotliDecompress(Buffer.alloc(8, 255), (error) => resolve(error.message)),
  ),
  await new Promise((resolve) => {
    const stream = zlib.createBrotliDecompress();
    stream.on('data', (part) => resolve(part.toString()));
    stream.end(Buffer.from(BROTLI, 'base64'));
  }),
  [constants.Z_BEST_COMPRESSION, constants.Z_SYNC_FLUSH],
];
