// CompressionStream and DecompressionStream.
import zlib from '../node/zlib.js';
import { tag } from '../shared/define.js';
import { Transforming } from './streams.js';

const KINDS = {
  gzip: ['createGzip', 'createGunzip'],
  deflate: ['createDeflate', 'createInflate'],
  'deflate-raw': ['createDeflateRaw', 'createInflateRaw'],
};

function transformer(format, direction) {
  const make = KINDS[format]?.[direction];
  if (make === undefined) throw new TypeError(`${format} is no format of compression`);
  const stream = zlib[make]();
  let ended;
  return {
    start(controller) {
      stream.on('data', (bytes) => controller.enqueue(new Uint8Array(bytes)));
      ended = new Promise((resolve, reject) => {
        stream.on('end', resolve);
        stream.on('error', (error) => {
          controller.error(new TypeError(error.message));
          reject(error);
        });
      });
      ended.catch(() => {});
    },
    transform: (bytes) => void stream.write(bytes),
    flush() {
      stream.end();
      return ended;
    },
  };
}

class CompressionStream extends Transforming {
  constructor(format) {
    super(transformer(format, 0));
  }
}

class DecompressionStream extends Transforming {
  constructor(format) {
    super(transformer(format, 1));
  }
}
tag(CompressionStream, 'CompressionStream');
tag(DecompressionStream, 'DecompressionStream');

export default { CompressionStream, DecompressionStream };
