// What decompresses Brotli.
import { decompress } from 'brotli/decompress.js';
import { decoder } from '../shared/brotli.js';

const TOO_SMALL = /Output buffer is not large enough/;
const LEAST = 65_536;
const GROWTH = 4;
/** Bytes that may stand for no text at all. */
const EMPTY = 4;

function failed() {
  return Object.assign(new Error('Decompression failed'), { code: 'ERR_BROTLI_DECODER_ERROR' });
}

/** The stream says how much there is of its first part only. */
function decompressAll(bytes, most) {
  for (let room = Math.max(LEAST, GROWTH * bytes.length); ; room *= GROWTH) {
    try {
      const all = decompress(bytes, Math.min(room, most));
      // Some nonsense is nothing for the decoder.
      if (all.length > 0 || bytes.length <= EMPTY) return all;
      throw failed();
    } catch (error) {
      if (!TOO_SMALL.test(error.message)) throw failed();
      if (room >= most) throw tooLarge(most);
    }
  }
}

function tooLarge(most) {
  const code = 'ERR_BUFFER_TOO_LARGE';
  return Object.assign(new RangeError(`Cannot create a Buffer larger than ${most} bytes`), { code });
}

decoder.decompress = decompressAll;
