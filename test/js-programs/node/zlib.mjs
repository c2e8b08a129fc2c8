import { promisify } from 'node:util';
import zlib, { constants, gunzipSync, gzipSync } from 'node:zlib';

const text = 'some text that repeats, some text that repeats, some text that repeats';

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
  [constants.Z_BEST_COMPRESSION, constants.Z_SYNC_FLUSH],
];
